using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.SourceSnapshots;

namespace Lakehouse.Incremental.Tests.SourceSnapshots;

/// <summary>The versions of snapshots: each once, in order, and never another content under one (semantics 2.19).</summary>
public sealed class VersionTests
{
    private const string Columns = "k s:long a";

    [Fact]
    public async Task An_older_version_is_refused_and_a_gap_is_none()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(5, "k a", ["x A"]);
        LakehouseException older = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(4, "k a", ["x B"]));
        await bench.SnapshotAsync(50, "k a", ["x C"]);

        (older.ErrorCode, older.Flow, older.Batch).Should().Be((ErrorCodes.SnapshotVersionNotIncreasing, "f", "4"));
        (await bench.RowsAsync()).Should().Equal("x 50 C");
    }

    [Fact]
    public async Task One_version_has_one_content_however_it_is_batched()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(0, "k a", ["x A", "y B"]);

        MergeResult again = await bench.Flow.ApplySnapshotAsync([Words.Batch("a k", "B y"), Words.Batch(Columns, "x 0 A")], bench.Table, 0);
        LakehouseException other = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(0, "k a", ["x A"]));

        again.AlreadyApplied.Should().BeTrue();
        (other.ErrorCode, other.Batch).Should().Be((ErrorCodes.BatchContentMismatch, "0"));
    }

    [Fact]
    public async Task Rows_may_bring_the_version_as_their_sequence_and_no_other()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(7, "k s:int a", ["x 7 A"]);
        foreach (string sequence in new[] { "8", "_" })
        {
            InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(9, Columns, ["x 9 A", $"y {sequence} A"]));
            (error.ErrorCode, error.Count).Should().Be((ErrorCodes.SnapshotSequenceMismatch, 1));
            error.SampleKeys.Should().Equal("y");
        }

        (await bench.RowsAsync()).Should().Equal("x 7 A");
    }

    [Theory]
    [InlineData("k s:text a")]
    [InlineData("k s:double a")]
    [InlineData("k s:decimal(20,0) a")]
    public async Task A_sequence_of_another_type_is_refused(string columns)
    {
        Bench bench = await Bench.OpenAsync(Flow(), columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(1, "k a", ["x A"]));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.InvalidConfiguration, "f"));
    }

    [Fact]
    public async Task Several_sequence_columns_effective_times_and_groups_are_refused()
    {
        const string Wide = "k s:long t:long g:long a";
        MergeFlowBuilder[] flows =
        [
            MergeFlow.Named("f").Keys("k").SequenceBy("s", "t"), MergeFlow.Named("f").Keys("k").SequenceBy("s").EffectiveAt("t").StoredAs(ScdType.Type2), Flow().SequenceGroup(["g"], "a"),
        ];
        foreach (MergeFlowBuilder flow in flows)
        {
            Bench bench = await Bench.OpenAsync(flow, Wide);
            (await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(1, "k a", ["x A"]))).ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        }
    }

    [Fact]
    public async Task A_version_must_fit_the_sequence_column()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k s:short a");
        await bench.SnapshotAsync(short.MaxValue, "k a", ["x A"]);

        (await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(short.MaxValue + 1, "k a", ["x B"]))).ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        (await bench.RowsAsync()).Should().Equal("x 32767 A");
    }

    [Fact]
    public async Task A_refused_snapshot_does_not_use_its_version()
    {
        Bench bench = await OpenAsync();
        await Refused.ByAsync<InvalidRowsException>(() => bench.SnapshotAsync(1, "k a", ["x A", "x B"]));
        long version = bench.Table.CurrentSnapshot.Version;

        (await bench.SnapshotAsync(1, "k a", ["x A"])).Inserted.Should().Be(1);
        version.Should().Be(0);
    }

    [Fact]
    public async Task Another_process_answers_from_the_log()
    {
        Bench bench = await OpenAsync();
        await bench.SnapshotAsync(1, "k a", ["x A", "y A"]);
        DeltaTable table = await DeltaTable.OpenAsync(bench.Table.Storage);
        MergeFlow flow = Flow().Build();

        (await flow.ApplySnapshotAsync(Words.Batch("k a", "y A", "x A"), table, 1)).AlreadyApplied.Should().BeTrue();
        (await flow.ApplySnapshotAsync(Words.Batch("k a", "y A"), table, 2)).Deleted.Should().Be(1);
    }

    [Fact]
    public async Task A_reconciliation_with_a_staging_table_does_not_take_the_rows_of_snapshots_for_drift()
    {
        Bench bench = await OpenAsync();
        await bench.StageAsync("x 1 A");
        await bench.SnapshotAsync(2, "k a", ["x A", "y B"]);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ReconcileAsync(ReconcileMode.Repair));

        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain("'snapshots'");
        (await bench.RowsAsync()).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(-1L, 0.2, 0L)]
    [InlineData(1L, 1.1, 0L)]
    [InlineData(1L, -0.1, 0L)]
    [InlineData(1L, double.NaN, 0L)]
    [InlineData(1L, 0.2, -1L)]
    public async Task Arguments_out_of_range_are_refused(long version, double fraction, long rows)
    {
        Bench bench = await OpenAsync();
        SnapshotOptions options = new() { MaxDeleteFraction = fraction, MinGuardRows = rows };

        await Refused.ByAsync<ArgumentOutOfRangeException>(() => bench.SnapshotAsync(version, "k a", ["x A"], options));
    }

    private static Task<Bench> OpenAsync() => Bench.OpenAsync(Flow(), Columns);

    private static MergeFlowBuilder Flow() => MergeFlow.Named("f").Keys("k").SequenceBy("s");
}
