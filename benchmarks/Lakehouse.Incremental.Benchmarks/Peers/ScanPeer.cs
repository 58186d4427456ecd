using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Reads columns of the base table: ours.</summary>
/// <param name="scenario">The data.</param>
/// <param name="columns">The columns; null for all.</param>
internal sealed class ScanPeer(Scenario scenario, IReadOnlyList<string>? columns) : Peer
{
    private DeltaTable _table = null!;
    private long _sum;

    public override async Task OpenAsync(string folder) =>
        _table = await DeltaTable.OpenAsync(scenario.Base, new DeltaTableOptions { DataCacheBytes = 0 }).ConfigureAwait(false);

    public override Task LoadAsync(int batch) => Task.CompletedTask;

    public override async Task<Effects> ApplyAsync()
    {
        _sum = 0;
        await foreach (RecordBatch batch in _table.ReadAsync(new ReadOptions { Columns = columns }).ConfigureAwait(false))
        {
            foreach (long order in ((Int64Array)batch.Column(LineItem.Instance.Keys[0])).Values)
            {
                _sum += order;
            }

            foreach (int line in ((Int32Array)batch.Column(LineItem.Instance.Keys[1])).Values)
            {
                _sum += line;
            }

            GC.KeepAlive(batch);
        }

        return new Effects();
    }

    public override Task<string?> FingerprintAsync() => Task.FromResult<string?>(_sum.ToString(CultureInfo.InvariantCulture));
}
