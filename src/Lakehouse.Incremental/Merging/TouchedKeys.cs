using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Merging;

/// <summary>The keys whose rows an input may change without naming them: all that the table or the state knows, when there is a truncate among its events.</summary>
internal static class TouchedKeys
{
    public static async Task<RecordBatch> FindAsync(MergeTarget target, ChangeBatch batch, MergeInput input, CancellationToken cancellationToken)
    {
        Schema keys = new([.. target.Layout.Keys.Select(target.Layout.Data.GetFieldByIndex)], null);
        if (!input.TouchesAllKeys && !batch.Kinds.AsSpan().Contains(EventKind.Truncate))
        {
            return ConcatKernel.Concat(keys, []);
        }

        RowRef[] recorded = [.. target.State.All.Where(r => EventRecords.KindOf(target.State, r) < EventKind.Truncate).Select(static r => r.Row)];
        RecordBatch[] states = [.. target.State.Batches.Select(b => new RecordBatch(keys, Enumerable.Range(0, keys.FieldsList.Count).Select(b.Column), b.Length))];
        List<RecordBatch> parts = [InterleaveKernel.Interleave(keys, states, recorded)];
        foreach (AddFile file in target.Snapshot.Files)
        {
            // Rows that are deleted name keys, too, for which there is nothing to do.
            await foreach (FileBatch part in target.Table.Reader.ReadAsync(target.Snapshot, file, keys, cancellationToken).ConfigureAwait(false))
            {
                parts.Add(part.Batch);
            }
        }

        RecordBatch all = ConcatKernel.Concat(keys, parts);
        HashSet<UInt128> seen = [];
        UInt128[] hashes = Index.KeyHash.Of(Index.SequenceEncoding.Encode(all, Enumerable.Range(0, keys.FieldsList.Count).ToArray()));
        return FilterKernel.Filter(all, [.. hashes.Select(seen.Add)]);
    }
}
