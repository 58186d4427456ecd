using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>The keys whose rows an input may change without naming them.</summary>
internal static class TouchedKeys
{
    /// <summary>
    /// All that the table or the state knows, when there is a truncate among the events; else those that are linked with the keys of the events. None for a rebuild: it
    /// holds all events of its keys, and of a key that it does not name it would take the row away.
    /// </summary>
    public static async Task<RecordBatch> FindAsync(MergeTarget target, ChangeBatch batch, MergeInput input, CancellationToken cancellationToken)
    {
        Schema keys = target.Layout.KeySchema;
        if (input.Mode == ResolveMode.Rebuild)
        {
            return ConcatKernel.Concat(keys, []);
        }

        if (!input.TouchesAllKeys && !batch.Kinds.AsSpan().Contains(EventKind.Truncate))
        {
            return target.Layout.KeepsLinks ? Linked(target, batch) : ConcatKernel.Concat(keys, []);
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

        return Unseen(ConcatKernel.Concat(keys, parts), []);
    }

    /// <summary>The keys that became others, or were others, step by step.</summary>
    private static RecordBatch Linked(MergeTarget target, ChangeBatch batch)
    {
        HashSet<UInt128> seen = [.. batch.KeyHashes];
        EncodedRows frontier = batch.Keys;
        List<RecordBatch> found = [];
        while (true)
        {
            List<State.StateRecord> records = [];
            for (int row = 0; row < frontier.Count; row++)
            {
                records.AddRange(target.State.Find(frontier[row]));
            }

            RecordBatch next = Unseen(EventRecords.LinkedKeys(target, records), seen);
            if (next.Length == 0)
            {
                return ConcatKernel.Concat(target.Layout.KeySchema, found);
            }

            found.Add(next);
            frontier = SequenceEncoding.Encode(next, Enumerable.Range(0, next.ColumnCount).ToArray());
        }
    }

    private static RecordBatch Unseen(RecordBatch keys, HashSet<UInt128> seen)
    {
        UInt128[] hashes = KeyHash.Of(SequenceEncoding.Encode(keys, Enumerable.Range(0, keys.ColumnCount).ToArray()));
        return FilterKernel.Filter(keys, [.. hashes.Select(seen.Add)]);
    }
}
