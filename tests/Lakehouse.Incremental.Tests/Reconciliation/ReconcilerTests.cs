using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.Reconciliation;

public sealed class ReconcilerTests
{
    private readonly InMemoryTableStorage _storage = new();
    private StagingTable _staging = null!;
    private DeltaTable _silver = null!;
    private MergeFlow _flow = null!;

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Each_kind_of_drift_is_named_and_repaired(ScdType scdType)
    {
        await MergedAsync(scdType, "a 1 x", "b 1 x", "c 1 x", "d 1 x", "e 1 -");
        string[] truth = await Orders.RowsAsync(_silver);
        await ForeignAsync(scdType, ["a 1 x", "b 1 x", "b 1 x", "c 1 y", "ghost 1 x"]);

        ReconcileReport report = await ReconcileAsync(ReconcileMode.Report);
        long versionAfterReport = (await _silver.RefreshAsync()).Version;
        ReconcileReport repair = await ReconcileAsync(ReconcileMode.Repair);
        ReconcileReport again = await ReconcileAsync(ReconcileMode.Repair);

        (report.Missing, report.Extra, report.Different, report.Duplicate, report.StateDrift).Should().Be((1, 1, 1, 1, 0));
        report.Samples.Should().BeEquivalentTo(
            [new DriftedKey(DriftKind.Missing, "d"), new DriftedKey(DriftKind.Extra, "ghost"), new DriftedKey(DriftKind.Different, "c"), new DriftedKey(DriftKind.Duplicate, "b")]);
        report.RepairVersion.Should().BeNull();
        repair.RepairVersion.Should().Be(versionAfterReport + 1, "the report wrote nothing");
        again.IsClean.Should().BeTrue(again.ToString());
        (await Orders.RowsAsync(_silver)).Should().Equal(truth);
    }

    [Fact]
    public async Task A_lost_tombstone_is_drift_although_the_rows_are_right()
    {
        await MergedAsync(ScdType.Type1, "a 5 -", "b 1 x");
        FlowState state = FlowState.Parse(_silver.CurrentSnapshot.Domain(FlowState.Domain))!;
        FlowState forgetful = state with { Sets = new Dictionary<string, IReadOnlyList<StateFile>> { ["events"] = [] } };
        await _silver.CommitAsync(
            (_, _) => Task.FromResult<CommitPlan?>(new CommitPlan { Actions = [new DomainMetadata(FlowState.Domain, forgetful.Write())], Info = new CommitInfo { Operation = "TEST" } }),
            CancellationToken.None);

        ReconcileReport report = await ReconcileAsync(ReconcileMode.Repair);
        MergeResult late = await _flow.ApplyAsync(Orders.Batch("a 4 late"), _silver);

        report.StateDrift.Should().Be(1);
        report.Samples.Should().Equal(new DriftedKey(DriftKind.StateDrift, "a"));
        late.Late.Should().Be(1, "the tombstone is back");
    }

    [Fact]
    public async Task What_is_staged_but_not_merged_is_not_drift()
    {
        await MergedAsync(ScdType.Type1, "a 1 x");
        await _staging.AppendAsync(Orders.Batch("b 1 x"), new SourcePosition("s", 0, 99));

        ReconcileReport report = await ReconcileAsync(ReconcileMode.Report);

        (report.IsClean, report.InputVersion, report.ActualRows).Should().Be((true, 1, 1));
    }

    [Fact]
    public async Task Several_passes_find_what_one_pass_finds()
    {
        await MergedAsync(ScdType.Type2, [.. Enumerable.Range(0, 60).Select(i => $"k{i} {i % 3} v{i % 2}")]);
        await ForeignAsync(ScdType.Type2, [.. Enumerable.Range(0, 58).Select(i => $"k{i} {i % 3} v{(i == 7 ? 9 : i % 2)}")]);
        List<double> progress = [];

        ReconcileReport one = await ReconcileAsync(ReconcileMode.Report);
        ReconcileReport many = await Reconciler.ReconcileAsync(_flow, _staging, _silver, new() { MaxEventsPerPass = 10, Progress = new Recorder(progress), Mode = ReconcileMode.Repair });

        (many.Missing, many.Different, many.ExpectedRows, many.ActualRows).Should().Be((one.Missing, one.Different, one.ExpectedRows, one.ActualRows)).And.Be((2, 1, 60, 58));
        progress.Should().HaveCount(6).And.BeInAscendingOrder().And.EndWith(1.0);
        (await ReconcileAsync(ReconcileMode.Report)).IsClean.Should().BeTrue();
    }

    [Fact]
    public async Task A_history_that_no_flow_wrote_is_not_continued()
    {
        _flow = Orders.Flow(ScdType.Type2).Build();
        await MergedAsync(ScdType.Type2, "a 1 x");
        InMemoryTableStorage foreign = new();
        DeltaTable copy = await Orders.TableAsync(_flow, foreign);
        await copy.AppendAsync(_silver.ReadAsync());

        Func<Task> apply = () => _flow.ApplyAsync(Orders.Batch("a 2 y"), copy);

        (await apply.Should().ThrowAsync<ConfigurationDriftException>()).Which.Message.Should().Contain("no flow has written it");
    }

    private Task<ReconcileReport> ReconcileAsync(ReconcileMode mode) => Reconciler.ReconcileAsync(_flow, _staging, _silver, new() { Mode = mode });

    private async Task MergedAsync(ScdType scdType, params string[] events)
    {
        _flow = Orders.Flow(scdType).Build();
        _staging = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Orders.Events);
        _silver = await Orders.TableAsync(_flow, _storage);
        await _staging.AppendAsync(Orders.Batch(events), new SourcePosition("s", 0, 0));
        await _flow.ApplyAsync(_staging, _silver);
    }

    /// <summary>A foreign writer replaces the rows by those of other events.</summary>
    private async Task ForeignAsync(ScdType scdType, string[] events)
    {
        List<Apache.Arrow.RecordBatch> rows = [];
        foreach (string e in events)
        {
            DeltaTable scratch = await Orders.TableAsync(_flow, new InMemoryTableStorage());
            await Orders.Flow(scdType).Build().ApplyAsync(Orders.Batch(e), scratch);
            await foreach (Apache.Arrow.RecordBatch row in scratch.ReadAsync())
            {
                rows.Add(row);
            }
        }

        await _silver.OverwriteAsync(Columnar.ConcatKernel.Concat(rows[0].Schema, rows));
    }

    private sealed class Recorder(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
