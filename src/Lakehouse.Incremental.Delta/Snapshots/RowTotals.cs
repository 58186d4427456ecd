using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Running sums over the live files, kept so that a commit changes them by its own files only.</summary>
internal readonly record struct RowTotals(long Rows, int UnknownFiles, long Bytes, int DeletionVectors, long DeletedRows)
{
    public RowTotals Plus(AddFile file) => Change(file, 1);

    public RowTotals Minus(AddFile file) => Change(file, -1);

    private RowTotals Change(AddFile file, int sign)
    {
        long? rows = RowCounts.Of(file);
        return new RowTotals(
            Rows + (sign * (rows ?? 0)),
            UnknownFiles + (rows is null ? sign : 0),
            Bytes + (sign * file.Size),
            DeletionVectors + (file.DeletionVector is null ? 0 : sign),
            DeletedRows + (sign * (file.DeletionVector?.Cardinality ?? 0)));
    }
}
