using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Partial events in tables with partitions and with rules for their rows.</summary>
public sealed class PartialRowShapesTests
{
    private const string Columns = "k s:long a b";

    [Theory]
    [InlineData(ScdType.Type1, "x 2 A B2", "y 1 _ B")]
    [InlineData(ScdType.Type2, "x 1 A B [1,2)", "x 2 A B2 [2,∞)", "y 1 _ B [1,∞)")]
    public async Task A_partition_that_an_event_does_not_tell_stays(ScdType type, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns, new() { PartitionColumns = ["a"], ChangeDataFeed = true });
        await bench.ApplyAsync("x 1 A B");
        await bench.ApplyColumnsAsync("k s:long b", "x 2 B2", "y 1 B");

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task A_late_event_takes_a_row_into_its_partition()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns, new() { PartitionColumns = ["a"], ChangeDataFeed = true });
        await bench.ApplyColumnsAsync("k s:long b", "x 2 B2");
        await bench.ApplyAsync("x 1 A B");

        (await bench.RowsAsync()).Should().Equal("x 2 A B2");
        bench.Table.CurrentSnapshot.Files.Select(static f => f.PartitionValues["a"]).Should().Equal("A");
    }

    [Fact]
    public async Task A_first_event_without_a_column_that_must_not_be_null_is_refused_by_name()
    {
        Schema schema = new([.. Words.Schema("k s:long a").FieldsList, new Field("b", StringType.Default, nullable: false)], null);
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), schema);
        MergeFlow flow = Flow().Build();
        await flow.ApplyAsync(Words.Batch(Columns, "x 1 A B"), table);

        await flow.ApplyAsync(Words.Batch("k s:long a", "x 2 A2"), table);
        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => flow.ApplyAsync(Words.Batch("k s:long a", "y 2 A2"), table));

        error.ErrorCode.Should().Be(ErrorCodes.NotNullViolation);
        error.Message.Should().Contain("b");
        (await Words.RowsAsync(table)).Should().Equal("x 2 A2 B");
    }

    [Fact]
    public async Task A_null_in_the_key_column_of_a_truncate_does_not_disturb_a_key_that_must_not_be_null()
    {
        Schema schema = new([new Field("k", StringType.Default, nullable: false), .. Words.Schema("s:long a").FieldsList], null);
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), schema);
        MergeFlow flow = Flow().ApplyAsTruncateWhen(c => c["a"].EqualTo("T")).Build();
        await flow.ApplyAsync(Words.Batch("k s:long a", "x 1 A", "_ 2 T", "y 3 B"), table);

        (await Words.RowsAsync(table)).Should().Equal("y 3 B");
    }

    [Fact]
    public async Task A_generated_column_that_the_events_lack_is_refused_by_name_and_not_left_wrong()
    {
        Field twice = new("twice", Int64Type.Default, nullable: true, new Dictionary<string, string> { ["delta.generationExpression"] = "n * 2" });
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), new Schema([.. Words.Schema("k s:long n:long").FieldsList, twice], null));
        MergeFlow flow = Flow().Build();
        await flow.ApplyAsync(Words.Batch("k s:long n:long twice:long", "x 1 5 10"), table);

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => flow.ApplyAsync(Words.Batch("k s:long n:long", "x 2 7"), table));

        error.ErrorCode.Should().Be(ErrorCodes.GeneratedColumnMismatch);
        error.Message.Should().Contain("'twice'");
        (await Words.RowsAsync(table)).Should().Equal("x 1 5 10");
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
