using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Steps that read or lengthen the log: ours.</summary>
internal sealed class LogPeer(Scenario scenario) : DeltaPeer(scenario)
{
    private readonly RecordBatch _row = LineItem.Instance.Rows(new[] { Places.Base(scenario.Rows) }, scenario.Seed);

    public required LogStep Step { get; init; }

    public override async Task LoadAsync(int batch)
    {
        if (Step == LogStep.Refresh)
        {
            DeltaTable other = await DeltaTable.OpenAsync(Folder).ConfigureAwait(false);
            await other.AppendAsync(_row).ConfigureAwait(false);
        }
    }

    public override async Task<Effects> ApplyAsync()
    {
        switch (Step)
        {
            case LogStep.Open:
                Table = await DeltaTable.OpenAsync(Folder).ConfigureAwait(false);
                break;
            case LogStep.Refresh:
                await Table.RefreshAsync().ConfigureAwait(false);
                break;
            default:
                await Table.AppendAsync(_row).ConfigureAwait(false);
                break;
        }

        return new Effects();
    }

    // The steps leave different tables.
    public override Task<string?> FingerprintAsync() => Task.FromResult<string?>(null);
}
