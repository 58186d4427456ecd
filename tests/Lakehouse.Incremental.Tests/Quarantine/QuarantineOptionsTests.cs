using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Quarantine;

/// <summary>Events that are set apart with the other options of a flow.</summary>
public sealed class QuarantineOptionsTests
{
    private const string Columns = "k s:long a b op";

    [Fact]
    public async Task An_event_with_several_faults_is_kept_once_with_the_first()
    {
        Bench bench = await OpenAsync(Flow());

        MergeResult result = await bench.ApplyAsync("_ _ A B ?", "x 1 A B c");

        (result.RowsIn, result.Applied, result.Quarantined).Should().Be((2, 1, 1));
        (await bench.KeptAsync()).Should().Equal("UNKNOWN_OPERATION op _ _ A B ?");
    }

    [Fact]
    public async Task An_invalid_event_of_a_partial_batch_is_kept_with_nulls_where_it_said_nothing()
    {
        Bench bench = await OpenAsync(Flow());
        await bench.ApplyColumnsAsync("k s:long b op", "_ 1 B c", "x 1 B c");

        (await bench.KeptAsync()).Should().Equal("NULL_KEY k _ 1 _ B c");
        (await bench.RowsAsync()).Should().Equal("x 1 _ B");
    }

    [Fact]
    public async Task An_invalid_event_with_a_column_that_is_new_is_kept_with_it()
    {
        Bench bench = await OpenAsync(Flow());

        await bench.ApplyAsync("_ 0 A B c");

        MergeResult result = await bench.ApplyColumnsAsync("k s:long a b op n", "_ 1 A B c N", "x 1 A B c N");

        (result.Applied, result.Quarantined).Should().Be((1, 1));
        (await bench.KeptAsync()).Should().Equal("NULL_KEY k _ 0 A B c _", "NULL_KEY k _ 1 A B c N");
        (await bench.RowsAsync()).Should().Equal("x 1 A B N");
    }

    [Fact]
    public async Task An_event_is_kept_once_also_after_columns_came()
    {
        Bench bench = await OpenAsync(Flow());
        await bench.ApplyAsync("_ 1 A B c");
        await bench.ApplyColumnsAsync("k s:long a b op n m:long", "_ 2 A B c N 7");
        long version = bench.Quarantine.Table.CurrentSnapshot.Version;

        await bench.ApplyAsync("_ 1 A B c");
        await bench.ApplyColumnsAsync("k s:long a b op n", "_ 1 A B c _");
        await bench.ApplyColumnsAsync("m:long k n s:long a b op", "7 _ N 2 A B c");

        bench.Quarantine.Table.CurrentSnapshot.Version.Should().Be(version);
    }

    [Fact]
    public async Task Events_that_differ_in_a_new_column_only_are_kept_both()
    {
        Bench bench = await OpenAsync(Flow());
        await bench.ApplyColumnsAsync("k s:long a b op n", "_ 1 A B c N1", "_ 1 A B c N2", "_ 1 A B c _");

        (await bench.KeptAsync()).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_batch_of_invalid_events_only_leaves_the_table_as_it_was()
    {
        Bench bench = await OpenAsync(Flow());
        MergeResult result = await bench.ApplyAsync("_ 1 A B c", "x _ A B c");

        (result.RowsIn, result.Quarantined, result.Version).Should().Be((2, 2, null));
        (await bench.KeptAsync()).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("decimal(10,2)", "decimal(38,10)", "0.001", "7.25")]
    [InlineData("int", "long", "8000000000", "7")]
    [InlineData("list(int)", "list(long)", "[1,8000000000]", "[1,_]")]
    [InlineData("struct(x:short)", "struct(x:long)", "{70000}", "{7}")]
    [InlineData("map(text,int)", "map(text,long)", "{a=1,b=8000000000}", "{a=1}")]
    public async Task A_value_that_does_not_fit_is_set_apart_also_inside_of_nested_values(string column, string given, string bad, string good)
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s"), $"k s:long v:{given}", quarantine: true);
        DeltaTable narrow = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Words.Schema($"k s:long v:{column}"));

        MergeResult result = await bench.Flow.ApplyAsync(Words.Batch($"k s:long v:{given}", $"bad 1 {bad}", $"good 1 {good}", "null 1 _"), narrow);

        (result.Applied, result.Quarantined).Should().Be((2, 1));
        (await bench.KeptAsync()).Should().ContainSingle().Which.Should().StartWith("LOSSY_CAST v bad 1");
        (await Words.RowsAsync(narrow)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Other_events_of_the_key_of_an_invalid_event_are_merged()
    {
        Bench bench = await OpenAsync(Flow().StoredAs(ScdType.Type2));
        await bench.ApplyAsync("x 1 A B c", "x 2 A2 B ?", "x 3 A3 B c");

        (await bench.RowsAsync()).Should().Equal("x 1 A B [1,3)", "x 3 A3 B [3,∞)");
    }

    private static Task<Bench> OpenAsync(MergeFlowBuilder flow) => Bench.OpenAsync(flow, Columns, quarantine: true);

    private static MergeFlowBuilder Flow() =>
        MergeFlow.Named("f").Keys("k").SequenceBy("s").Operations("op", new() { Upsert = ["c"], Delete = ["d"] }).ExceptColumns("op");
}
