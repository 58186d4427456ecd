using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Merging;

/// <summary>Keys as people read them in errors and reports.</summary>
internal static class KeyText
{
    public const int MaxSamples = 10;

    public static string Of(RecordBatch rows, ReadOnlySpan<int> columns, int row)
    {
        string[] parts = new string[columns.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = CellText.Format(rows.Column(columns[i]), row);
        }

        return parts.Length == 1 ? parts[0] : "(" + string.Join(", ", parts) + ")";
    }

    /// <summary>The keys of the first few of the given rows.</summary>
    public static IReadOnlyList<string> Samples(RecordBatch rows, int[] columns, IEnumerable<int> rowNumbers) =>
        [.. rowNumbers.Take(MaxSamples).Select(row => Of(rows, columns, row))];
}
