using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Partial events that were staged first say no more than those that were not.</summary>
public sealed class StagedPartialTests
{
    private const string Columns = "k s:long a b";

    [Theory]
    [InlineData(ScdType.Type1, "x 2 A B2")]
    [InlineData(ScdType.Type2, "x 1 A B [1,2)", "x 2 A B2 [2,∞)")]
    public async Task A_column_that_was_absent_when_it_was_staged_keeps_its_value(ScdType type, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.StageAsync("x 1 A B");

        await bench.StageColumnsAsync("k s:long b", "x 2 B2");

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task Absent_and_null_may_be_staged_side_by_side()
    {
        Bench bench = await Bench.OpenAsync(Flow().MaxRowsPerCommit(100), Columns);
        await bench.StageAsync("x 1 A B", "y 1 A B");
        await bench.Staging.AppendAsync(Words.Batch("k s:long b", "x 2 B2"), new("other", 0, 0));
        await bench.Staging.AppendAsync(Words.Batch("k s:long a b", "y 2 _ B2"), new("other", 0, 1));
        await bench.Flow.ApplyAsync(bench.Staging, bench.Table);

        (await bench.RowsAsync()).Should().Equal("x 2 A B2", "y 2 _ B2");
    }

    [Fact]
    public async Task Values_that_are_rescued_come_through_a_staging_table_too()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Rescue), Columns);
        DeltaTable narrow = await DeltaTable.CreateAsync(new InMemoryTableStorage(), bench.Flow.TargetSchema(Words.Schema("k s:long a")));
        await bench.Staging.AppendAsync(Words.Batch(Columns, "x 1 A B", "y 1 A _"), new("test", 0, 0));
        await bench.Staging.AppendAsync(Words.Batch("k s:long a", "x 2 A2"), new("test", 0, 1));

        await bench.Flow.ApplyAsync(bench.Staging, narrow);

        (await Words.RowsAsync(narrow)).Should().Equal("""x 2 A2 {"b":"B"}""", "y 1 A _");
        (await Reconciler.ReconcileAsync(bench.Flow, bench.Staging, narrow)).IsClean.Should().BeTrue();
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_reconciliation_reads_them_as_they_were_meant(ScdType type)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.StageAsync("x 1 A B", "y 1 A B");
        await bench.StageColumnsAsync("k s:long b", "x 2 B2");
        await bench.StageColumnsAsync("k a s:long", "y A0 0", "z A 9");
        string[] truth = await bench.RowsAsync();
        ReconcileReport clean = await bench.ReconcileAsync();
        await bench.DamageAsync(rows => rows.Slice(0, 1));

        ReconcileReport repaired = await bench.ReconcileAsync(ReconcileMode.Repair);

        clean.IsClean.Should().BeTrue(clean.ToString());
        repaired.IsClean.Should().BeFalse();
        (await bench.RowsAsync()).Should().Equal(truth);
        (await bench.ReconcileAsync()).IsClean.Should().BeTrue();
    }

    [Fact]
    public async Task Of_two_flows_that_add_columns_at_once_both_get_theirs()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 A B");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            DeltaTable own = await DeltaTable.OpenAsync(bench.Table.Storage);
            await Flow().Build().ApplyAsync(Words.Batch($"k s:long n{i % 3}:long", $"x {i + 2} {i}", $"k{i} 1 {i}"), own);
        })));

        DeltaTable table = await DeltaTable.OpenAsync(bench.Table.Storage);
        table.CurrentSnapshot.Schema.FieldsList.Select(static f => f.Name).Should().BeEquivalentTo("k", "s", "a", "b", "n0", "n1", "n2");
        table.CurrentSnapshot.RowCount.Should().Be(7);
        string[] words = (await Words.RowsAsync(table)).Single(static row => row.StartsWith("x ", StringComparison.Ordinal)).Split(' ');
        words[..4].Should().Equal("x", "7", "A", "B");
        words[4..].Should().BeEquivalentTo("3", "4", "5");
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
