using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A table of as many commits as the command line says rows: opening it, and learning of one commit more.</summary>
internal sealed class W15Log : Workload
{
    public override string Id => "W15";

    public override string Title => "long log, one file a commit; the rows are the commits";

    public override string DataName => "log";

    public override int Iterations => 10;

    public override IReadOnlyList<PeerEntry> Peers =>
    [
        new("open", "ours: OpenAsync", static s => new LogPeer(s) { Step = LogStep.Open }),
        new("refresh", "ours: RefreshAsync after one commit of another", static s => new LogPeer(s) { Step = LogStep.Refresh }),
        new("append", "ours: AppendAsync of one row", static s => new LogPeer(s) { Step = LogStep.Append }),
    ];

    public override int Batch(long rows) => 1;

    public override Task PrepareAsync(Scenario scenario) => Once.RunAsync(scenario.Base, async folder =>
    {
        DeltaTable table = await DeltaTable.CreateAsync(folder, LineItem.Instance.Schema).ConfigureAwait(false);
        for (int commit = 0; commit < scenario.Rows; commit++)
        {
            RecordBatch row = LineItem.Instance.Rows(new[] { Places.Base(commit) }, scenario.Seed);
            await table.AppendAsync(row).ConfigureAwait(false);
        }
    });
}
