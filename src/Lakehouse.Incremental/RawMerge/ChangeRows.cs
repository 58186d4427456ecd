using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The rows of a change data feed.</summary>
internal static class ChangeRows
{
    /// <summary>What rows that leave were, each followed by what it becomes.</summary>
    /// <param name="after">The version that is merged into, with the columns it will have.</param>
    /// <param name="before">The rows as they were, with all columns.</param>
    /// <param name="leaving">The rows that leave.</param>
    /// <param name="updated">The rows that replace some of them.</param>
    public static RecordBatch Of(Snapshot after, TargetValues before, LeavingRows leaving, RecordBatch updated)
    {
        int count = leaving.Rows.Length + updated.Length;
        List<RowRef> rows = new(count);
        List<string> types = new(count);
        int next = 0;
        for (int i = 0; i < leaving.Rows.Length; i++)
        {
            bool isReplaced = next < leaving.Replaced.Length && leaving.Replaced[next] == leaving.Rows[i];
            rows.Add(new RowRef(0, i));
            types.Add(isReplaced ? ChangeColumns.UpdatePreimage : ChangeColumns.Delete);
            if (isReplaced)
            {
                rows.Add(new RowRef(1, next++));
                types.Add(ChangeColumns.UpdatePostimage);
            }
        }

        RecordBatch old = new(after.Schema, JoinedRows.All(after.Schema.FieldsList.Count).Select(column => before.Take(column, leaving.Rows)), leaving.Rows.Length);
        return With(after, InterleaveKernel.Interleave(after.Schema, [old, updated], [.. rows]), types);
    }

    /// <summary>Rows that are new.</summary>
    public static RecordBatch OfInserted(Snapshot after, RecordBatch rows) => With(after, rows, Enumerable.Repeat(ChangeColumns.Insert, rows.Length));

    private static RecordBatch With(Snapshot after, RecordBatch rows, IEnumerable<string> types)
    {
        StringArray.Builder builder = new();
        builder.AppendRange(types);
        return new RecordBatch(ChangeColumns.FileSchema(after.Schema), [.. rows.Arrays, ManagedCopy.Copy(builder.Build())], rows.Length);
    }
}
