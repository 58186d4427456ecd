using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Puts the rows together that replace others: new values, and old ones in the columns that no clause gives values to.</summary>
/// <param name="after">The version that is merged into, with the columns it will have.</param>
/// <param name="reader">Reads what rows were.</param>
internal sealed class ReplacingRows(Snapshot after, TargetReader reader)
{
    /// <param name="updates">Rows that are updated.</param>
    /// <param name="leaving">Which of them differ from what they were.</param>
    /// <param name="values">What of the old rows is known already.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>The rows in the order of those they replace.</returns>
    public async Task<RecordBatch> ReadAsync(
        IReadOnlyList<UpdatedRows> updates, LeavingRows leaving, TargetValues values, CancellationToken cancellationToken)
    {
        if (leaving.Replaced.Length == 0)
        {
            return ConcatKernel.Concat(after.Schema, []);
        }

        int[][] changed = [.. updates.Select(static update => update.Where(changed: true))];
        bool isThere = System.Array.TrueForAll(leaving.Replaced, values.HasRow);
        int[] kept = [.. updates.Where((_, i) => changed[i].Length > 0).SelectMany(Kept).Distinct().Where(column => !isThere || !values.Has(column)).Order()];
        TargetValues old = await reader.ReadAsync(kept, leaving.Replaced, cancellationToken).ConfigureAwait(false);
        RecordBatch[] parts = [.. updates.Select((update, i) => Rows(update, changed[i], old, values))];
        if (parts.Length == 1)
        {
            return parts[0];
        }

        int[] next = new int[parts.Length];
        RowRef[] order = [.. leaving.By.Select(by => new RowRef(by.Update, next[by.Update]++))];
        return InterleaveKernel.Interleave(after.Schema, parts, order);
    }

    private static IEnumerable<int> Kept(UpdatedRows update) => JoinedRows.All(update.Columns.Length).Where(column => update.Columns[column] is null);

    private RecordBatch Rows(UpdatedRows update, int[] changed, TargetValues old, TargetValues values)
    {
        int[] targets = update.Targets(changed);
        IArrowArray[] columns = new IArrowArray[update.Columns.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            IArrowArray? given = update.Columns[column];
            columns[column] =
                given is null ? Old(column, targets, old.Has(column) ? old : values)
                : changed.Length == given.Length ? given
                : TakeKernel.Take(given, changed);
        }

        return new RecordBatch(after.Schema, columns, changed.Length);
    }

    // What was read for just these rows is theirs already.
    private IArrowArray Old(int column, int[] targets, TargetValues from) =>
        targets.Length == 0 ? NullArrays.Create(after.Schema.GetFieldByIndex(column).DataType, 0)
        : from.Column(column).Length == targets.Length ? from.Column(column)
        : from.Take(column, targets);
}
