using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Running sums over the live files, kept so that a commit changes them by its own files only.</summary>
internal readonly record struct RowTotals(long Rows, int UnknownFiles, long Bytes)
{
    public RowTotals Plus(AddFile file) => Change(file, 1);

    public RowTotals Minus(AddFile file) => Change(file, -1);

    private RowTotals Change(AddFile file, int sign)
    {
        long bytes = Bytes + (sign * file.Size);
        return RowCounts.Of(file) is { } rows
            ? new RowTotals(Rows + (sign * rows), UnknownFiles, bytes)
            : new RowTotals(Rows, UnknownFiles + sign, bytes);
    }
}
