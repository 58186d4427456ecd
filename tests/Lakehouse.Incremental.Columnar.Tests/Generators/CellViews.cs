using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>Arrays and batches as text, cell by cell.</summary>
internal static class CellViews
{
    public static string[] Texts(this IArrowArray array) => [.. Enumerable.Range(0, array.Length).Select(row => CellText.Format(array, row))];

    public static string[] Rows(this RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Length).Select(row => string.Join(" | ", batch.Arrays.Select(a => CellText.Format(a, row))))];
}
