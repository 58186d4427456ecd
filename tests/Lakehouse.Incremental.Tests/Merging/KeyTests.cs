using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Which events are of one key (semantics 2.8 to 2.11).</summary>
public sealed class KeyTests
{
    [Fact]
    public Task G13_parts_of_a_composite_key_do_not_run_together() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s"), "k j s:long a", ["doc-7 12 1 A", "doc-71 2 2 B"], "doc-7 12 1 A", "doc-71 2 2 B");

    [Fact]
    public async Task G14_empty_blank_and_null_are_different_keys()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").NullSafeKeys(), "k s:long");
        await bench.ApplyAsync("'' 1", "_ 1", "null 1");

        (await bench.RowsAsync()).Should().Equal("'' 1", "_ 1", "_ 1").And.HaveCount(3, "the text null reads as null here");
    }

    [Theory]
    [InlineData("float")]
    [InlineData("double")]
    public Task G15_zeros_are_one_key_and_so_are_NaNs(string type) => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s"), $"k:{type} s:long a", ["-0 1 A", "0 2 B", "NaN 1 C", "NaN 2 D"], "0 2 B", "NaN 2 D");

    [Theory]
    [InlineData("long", "9223372036854775807", "-9223372036854775808")]
    [InlineData("decimal(38,10)", "1234567890123456789012345678.0000000001", "1234567890123456789012345678.0000000002")]
    [InlineData("date", "2024-02-29", "1969-12-31")]
    [InlineData("time", "2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999998Z")]
    [InlineData("localtime", "2024-02-29T23:59:59.999999", "2024-02-29T23:59:59")]
    [InlineData("bytes", "x", "xx")]
    [InlineData("bool", "true", "false")]
    [InlineData("text", "e\u0301", "\u00e9")]
    [InlineData("struct(x:long,y:text)", "{1,_}", "{1,a}")]
    public async Task Keys_of_any_type_that_compares_are_told_apart_and_found_again(string type, string one, string other)
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s"), $"k:{type} s:long");
        await bench.ApplyAsync($"{one} 1", $"{other} 1");

        MergeResult result = await bench.ApplyAsync($"{one} 2", $"{other} 2");

        (result.Inserted, result.Updated).Should().Be((0, 2));
    }

    [Theory]
    [InlineData("list(text)")]
    [InlineData("map(text,long)")]
    public async Task A_key_that_is_a_list_or_map_is_refused_by_name(string type)
    {
        LakehouseException error = await Refused.ByAsync<LakehouseException>(async () =>
        {
            Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s"), $"k:{type} s:long");
            await bench.ApplyAsync("_ 1");
        });

        error.ErrorCode.Should().Be(ErrorCodes.NonOrderableSequence);
        error.Message.Should().Contain("column k of type");
    }

    [Fact]
    public async Task NullSafeKeys_takes_a_null_for_a_value_that_equals_itself()
    {
        Bench bench = await Bench.OpenAsync(Composite().NullSafeKeys(), "k j s:long a op");
        await bench.ApplyAsync("x _ 1 A u", "_ _ 1 B u", "_ x 1 C u");

        MergeResult result = await bench.ApplyAsync("x _ 2 A2 u", "_ _ 2 _ d");

        (result.Inserted, result.Updated, result.Deleted).Should().Be((0, 1, 1));
        (await bench.RowsAsync()).Should().Equal("_ x 1 C", "x _ 2 A2");
    }

    [Fact]
    public Task A_null_key_beside_a_truncate_is_a_key() => Bench.AnyOrderAsync(
        () => Composite().NullSafeKeys().ApplyAsTruncateWhen(c => c["op"].EqualTo("t")).StoredAs(ScdType.Type2),
        "k j s:long a op", ["_ _ 5 _ t", "_ _ 4 A u", "_ _ 6 B u"], "_ _ 4 A [4,5)", "_ _ 6 B [6,∞)");

    [Fact]
    public async Task A_delete_of_a_null_key_is_remembered_apart_from_a_truncate()
    {
        Bench bench = await Bench.OpenAsync(Composite().NullSafeKeys().ApplyAsTruncateWhen(c => c["op"].EqualTo("t")), "k j s:long a op");
        await bench.ApplyAsync("_ _ 5 _ d", "x y 1 A u");
        await bench.ApplyAsync("_ _ 3 _ t");
        await bench.ApplyAsync("_ _ 4 late u", "x y 2 late u");

        (await bench.RowsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_NullSafeKeys_a_null_in_a_part_of_a_key_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(Composite(), "k j s:long a op");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("x _ 1 A u", "x y 1 A u"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.NullKey, 1));
        error.Message.Should().Contain("key column j");
        error.SampleKeys.Should().ContainSingle();
    }

    [Fact]
    public async Task A_null_in_any_part_of_a_sequence_is_invalid_in_quarantine_too()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s", "t"), "k s:long t:time a", quarantine: true);
        MergeResult result = await bench.ApplyAsync("x 1 _ A", "y _ 2024-01-01 A", "z 1 2024-01-01 A");

        (result.Applied, result.Quarantined).Should().Be((1, 2));
        (await bench.KeptAsync()).Should().Equal("NULL_SEQUENCE s y _ 2024-01-01T00:00:00Z A", "NULL_SEQUENCE t x 1 _ A");
    }

    [Theory]
    [InlineData("decimal(38,0)", "99999999999999999999999999999999999999", "99999999999999999999999999999999999998")]
    [InlineData("bytes", "b", "ab")]
    [InlineData("text", "b", "ab")]
    [InlineData("time", "2024-01-01T00:00:00.000001Z", "2024-01-01")]
    [InlineData("date", "1970-01-01", "1969-12-31")]
    [InlineData("short", "1", "-1")]
    [InlineData("double", "0.1", "-Infinity")]
    public Task Any_orderable_type_orders(string type, string later, string earlier) => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s"), $"k a s:{type}", [$"x new {later}", $"x old {earlier}"],
        "x new " + type switch { "bytes" => "0x62", "time" => "2024-01-01T00:00:00.000001Z", _ => later });

    private static MergeFlowBuilder Composite() => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op");
}
