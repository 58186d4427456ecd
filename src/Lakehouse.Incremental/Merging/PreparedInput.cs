using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Merging;

/// <summary>An input normalised and folded for one layout of the target.</summary>
internal sealed record PreparedInput(MergeLayout Layout, ChangeBatch Batch, FoldedChanges Folded)
{
    public static PreparedInput Of(MergeConfiguration flow, MergeLayout layout, string table, MergeInput input)
    {
        ChangeBatch batch = input.Selected ?? ChangeNormalizer.Normalize(flow, layout, table, input.Events, input.Audit.Batch);
        return new PreparedInput(layout, batch, ChangeFolder.Fold(batch));
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
