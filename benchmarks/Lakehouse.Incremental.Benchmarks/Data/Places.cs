namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Where rows stand in a base table that is sorted by its key: orders of four lines.</summary>
internal static class Places
{
    private const int LinesOfAnOrder = 4;

    /// <summary>The row at a place of the base table.</summary>
    public static RowId Base(long place) => new((place / LinesOfAnOrder) + 1, (int)(place % LinesOfAnOrder) + 1, 0);

    /// <summary>The place of such a row.</summary>
    public static long Of(RowId row) => ((row.Order - 1) * LinesOfAnOrder) + row.Line - 1;

    /// <summary>A row between those of the base table; distinct for places up to a quarter of its rows.</summary>
    public static RowId Between(long order, long version) => new(order + 1, LinesOfAnOrder + 1, version, 'c');

    /// <summary>A row after all rows of a base table.</summary>
    public static RowId After(long baseRows, long place, long version) =>
        Base(baseRows + LinesOfAnOrder + place) with { Version = version, Operation = 'c' };

    public static long Orders(long baseRows) => Math.Max(baseRows / LinesOfAnOrder, 1);
}
