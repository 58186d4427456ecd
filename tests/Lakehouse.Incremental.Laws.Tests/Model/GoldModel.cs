namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A recount of all rows: group columns, number of rows, measures. Floats may be compared by their bits.</summary>
internal static class GoldModel
{
    public static IReadOnlyList<object?[]> Recount(GoldLayout gold, IReadOnlyList<object?[]> rows)
    {
        List<List<object?[]>> groups = [];
        foreach (object?[] row in rows)
        {
            List<object?[]>? group = groups.Find(g => Canonical.Equal(GroupOf(g[0]), GroupOf(row)));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(row);
        }

        if (gold.GroupBy.Length == 0 && groups.Count == 0)
        {
            groups.Add([]);
        }

        return [.. groups.Select(g => (object?[])
        [
            .. g.Take(1).SelectMany(GroupOf).Select(Canonical.Value),
            (long)g.Count,
            .. gold.Measures.Select(m => Canonical.Value(Measure(m.Measure, [.. g.Select(r => r[m.Column]).OfType<object>()]))),
        ])];

        object?[] GroupOf(object?[] row) => [.. gold.GroupBy.Select(c => row[c])];
    }

    private static object? Measure(GoldMeasure measure, object[] values) => (measure, values) switch
    {
        (_, []) => null,
        (GoldMeasure.Min, _) => values.Aggregate((a, b) => Canonical.Compare(a, b) <= 0 ? a : b),
        (GoldMeasure.Max, _) => values.Aggregate((a, b) => Canonical.Compare(a, b) >= 0 ? a : b),
        (_, [double, ..]) => ExactSum.OfDoubles(values.Cast<double>()),
        (_, [float, ..]) => ExactSum.OfFloats(values.Cast<float>()),
        (_, [decimal, ..]) => values.Cast<decimal>().Sum(),
        _ => values.Sum(v => Convert.ToInt64(v)),
    };
}
