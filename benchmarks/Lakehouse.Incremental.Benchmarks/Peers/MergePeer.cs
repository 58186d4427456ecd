using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.RawMerge;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>The raw MERGE: ours, without an index.</summary>
internal sealed class MergePeer(Scenario scenario, IReadOnlyList<string> keys, Func<MergeStatement, MergeStatement> clauses) : DeltaPeer(scenario)
{
    public override async Task<Effects> ApplyAsync()
    {
        RawMergeResult done = await clauses(Table.Merge(Source).On([.. keys])).ExecuteAsync().ConfigureAwait(false);
        return new Effects
        {
            RowsWritten = done.NumTargetRowsInserted + done.NumTargetRowsUpdated + done.NumTargetRowsCopied,
            RowsChanged = done.NumTargetRowsInserted + done.NumTargetRowsUpdated + done.NumTargetRowsDeleted,
            FilesAdded = done.NumTargetFilesAdded,
            FilesTouched = done.NumTargetFilesAdded + done.NumTargetFilesRemoved + done.NumTargetDeletionVectorsAdded,
            Steps = FormattableString.Invariant($"scan {done.ScanTimeMs} ms, rewrite {done.RewriteTimeMs} ms, all {done.ExecutionTimeMs} ms"),
        };
    }
}
