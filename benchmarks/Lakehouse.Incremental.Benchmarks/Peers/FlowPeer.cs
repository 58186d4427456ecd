using System.Diagnostics;
using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>A merge flow: ours, with the key index.</summary>
internal sealed class FlowPeer(Scenario scenario, Func<MergeFlow> define) : DeltaPeer(scenario)
{
    private MergeFlow _flow = define();

    /// <summary>Opens table and flow anew for each batch, so that no batch finds an index.</summary>
    public bool Cold { get; init; }

    /// <summary>A batch that changes nothing; it makes the flow build its index before the time is taken.</summary>
    public RecordBatch? WarmUp { get; init; }

    /// <summary>Measures how fast the table is read at the end, before and after it is compacted.</summary>
    public bool ScansAtEnd { get; init; }

    public override async Task OpenAsync(string folder)
    {
        await base.OpenAsync(folder).ConfigureAwait(false);
        if (!Cold && WarmUp is not null)
        {
            await _flow.ApplyAsync(WarmUp, Table).ConfigureAwait(false);
        }
    }

    public override async Task<Effects> ApplyAsync()
    {
        if (Cold)
        {
            Table = await DeltaTable.OpenAsync(Folder).ConfigureAwait(false);
            _flow = define();
        }

        MergeResult done = await _flow.ApplyAsync(Source, Table).ConfigureAwait(false);
        return new Effects
        {
            RowsWritten = done.Inserted + done.Updated,
            RowsChanged = done.Inserted + done.Updated + done.Deleted,
            FilesAdded = done.FilesAdded,
            FilesTouched = done.FilesAdded + done.FilesRemoved,
            Steps = done.Durations.ToString(),
        };
    }

    public override async Task<IReadOnlyDictionary<string, double>> FinishAsync()
    {
        Dictionary<string, double> more = new() { ["files"] = Table.CurrentSnapshot.FileCount };
        if (ScansAtEnd)
        {
            more["scan_seconds"] = await ScanAsync(Folder).ConfigureAwait(false);
            await Table.OptimizeAsync(new() { MaxDeletedShare = 0 }).ConfigureAwait(false);
            more["scan_seconds_compacted"] = await ScanAsync(Folder).ConfigureAwait(false);
            more["scan_slowdown"] = more["scan_seconds"] / more["scan_seconds_compacted"];
        }

        return more;
    }

    private static async Task<double> ScanAsync(string folder)
    {
        // The second time, when the operating system has the files.
        List<double> seconds = [];
        for (int i = 0; i < 3; i++)
        {
            DeltaTable table = await DeltaTable.OpenAsync(folder, new DeltaTableOptions { DataCacheBytes = 0 }).ConfigureAwait(false);
            long started = Stopwatch.GetTimestamp();
            await foreach (RecordBatch batch in table.ReadAsync().ConfigureAwait(false))
            {
                GC.KeepAlive(batch);
            }

            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return seconds.Min();
    }
}
