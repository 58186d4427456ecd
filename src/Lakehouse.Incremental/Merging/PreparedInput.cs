using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Merging;

/// <summary>An input normalised and folded for one layout of the target.</summary>
internal sealed record PreparedInput(MergeLayout Layout, ChangeBatch Batch, FoldedChanges Folded, IReadOnlyList<RejectedEvents> Rejected)
{
    public static PreparedInput Of(MergeConfiguration flow, MergeLayout layout, string table, MergeInput input)
    {
        NormalizedEvents events = input.Selected is { } selected
            ? new NormalizedEvents(selected, [])
            : ChangeNormalizer.Normalize(flow, layout, table, input.Events, input.Audit.Batch);
        return new PreparedInput(layout, events.Batch, ChangeFolder.Fold(events.Batch), events.Rejected);
    }

    /// <summary>Some of the events, followed by rows that only name keys without events.</summary>
    public ChangeBatch Select(bool[] keep, RecordBatch phantoms)
    {
        RecordBatch rows = ConcatKernel.Concat(Layout.Data, [FilterKernel.Filter(Batch.Rows, keep), phantoms]);
        bool[] deletes = [.. Batch.IsDelete.Where((_, row) => keep[row]), .. new bool[phantoms.Length]];
        bool[] phantom = new bool[rows.Length];
        System.Array.Fill(phantom, true, rows.Length - phantoms.Length, phantoms.Length);
        return new ChangeBatch(rows, deletes, Layout.Keys, Layout.Sequence) { IsPhantom = phantom };
    }
}
