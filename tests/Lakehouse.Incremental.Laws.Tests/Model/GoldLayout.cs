namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>An aggregate over rows of a layout: the group columns, a count of rows, and measures. Numbers are positions of columns.</summary>
internal sealed record GoldLayout(int[] GroupBy, (GoldMeasure Measure, int Column)[] Measures)
{
    public override string ToString() =>
        $"gold by [{string.Join(", ", GroupBy)}]: {string.Join(", ", Measures.Select(m => $"{m.Measure} of {m.Column}"))}";

    /// <summary>All that can be asked of the columns of a layout, but for fields of structs.</summary>
    public static GoldLayout Everything(Layout layout, params int[] groupBy)
    {
        IReadOnlyList<Column> columns = layout.Columns;
        return new GoldLayout(
            groupBy,
            [
                .. from i in Enumerable.Range(0, columns.Count)
                   from measure in Enum.GetValues<GoldMeasure>()
                   where i >= layout.Keys.Length && layout.PathOf(columns[i]) == columns[i].Name && (measure != GoldMeasure.Sum || IsNumber(columns[i].Type))
                   select (measure, i),
            ]);
    }

    private static bool IsNumber(ColumnType type) => type is ColumnType.Long or ColumnType.Integer or ColumnType.Short or ColumnType.Double
        or ColumnType.Float or ColumnType.Decimal;
}
