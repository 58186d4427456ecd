using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>A multiset of rows in canonical text, with the columns they have.</summary>
internal sealed class RowBag
{
    private const int Samples = 5;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public RowBag(IReadOnlyList<string> columns) => Columns = columns;

    public IReadOnlyList<string> Columns { get; }

    public int Count { get; private set; }

    /// <summary>The rows of batches, of the named columns.</summary>
    public static RowBag Of(IEnumerable<RecordBatch> batches, IReadOnlyList<string> columns, CellMode mode = CellMode.Exact)
    {
        RowBag bag = new(columns);
        foreach (RecordBatch batch in batches)
        {
            IArrowArray[] arrays = [.. columns.Select(name => batch.Column(batch.Schema.GetFieldIndex(name)))];
            for (int row = 0; row < batch.Length; row++)
            {
                bag.Add(arrays.Select(array => ArrowCells.Format(array, row, mode)));
            }
        }

        return bag;
    }

    /// <summary>The rows of batches that fulfil a condition on a batch of the row alone.</summary>
    public static RowBag Of(IEnumerable<RecordBatch> batches, IReadOnlyList<string> columns, Func<RecordBatch, bool> keep)
    {
        IEnumerable<RecordBatch> rows = batches
            .SelectMany(batch => Enumerable.Range(0, batch.Length).Select(row => SliceKernel.Slice(batch, row, 1)));
        return Of(rows.Where(keep), columns);
    }

    public void Add(IEnumerable<string> cells)
    {
        string row = Row(cells);
        _counts[row] = _counts.GetValueOrDefault(row) + 1;
        Count++;
    }

    /// <summary>How often a row is there.</summary>
    public int CountOf(IEnumerable<string> cells) => _counts.GetValueOrDefault(Row(cells));

    /// <summary>The rows of both.</summary>
    public RowBag Plus(RowBag other)
    {
        RowBag sum = new(Columns);
        foreach ((string row, int count) in _counts.Concat(other._counts))
        {
            sum._counts[row] = sum._counts.GetValueOrDefault(row) + count;
        }

        sum.Count = Count + other.Count;
        return sum;
    }

    /// <summary>Whether each row is in the other as often at least.</summary>
    public bool IsWithin(RowBag other) => Surplus(other).Count == 0;

    /// <summary>What differs, with some of the rows; null when both hold the same.</summary>
    public string? DifferenceFrom(RowBag expected)
    {
        List<string> missing = expected.Surplus(this);
        List<string> surplus = Surplus(expected);
        return missing.Count + surplus.Count == 0
            ? null
            : $"{Count} rows instead of {expected.Count};\n  expected, not read ({missing.Count}):\n    {Sample(missing)}\n"
                + $"  read, not expected ({surplus.Count}):\n    {Sample(surplus)}";
    }

    private static string Sample(List<string> rows) => string.Join("\n    ", rows.Order(StringComparer.Ordinal).Take(Samples));

    private string Row(IEnumerable<string> cells) => string.Join(" | ", Columns.Zip(cells, (name, cell) => $"{name}={cell}"));

    private List<string> Surplus(RowBag other) =>
        [.. _counts.SelectMany(row => Enumerable.Repeat(row.Key, Math.Max(0, row.Value - other._counts.GetValueOrDefault(row.Key))))];
}
