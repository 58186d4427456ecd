using Apache.Arrow;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Rows of the Gold table with all bits of their floating-point values, and what a plain recount of Silver gives.</summary>
internal static class GoldRows
{
    public static async Task<List<string>> ReadAsync(DeltaTable gold)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in gold.ReadAsync())
        {
            for (int row = 0; row < batch.Length; row++)
            {
                int at = row;
                rows.Add(string.Join('|', batch.Arrays.Select(a => a is DoubleArray d ? Bits(d.GetValue(at)) : Columnar.CellText.Format(a, at))));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>Groups of the model's rows: rows, sum(amount), sum(price), min(price), max(price), max(name).</summary>
    public static List<string> Recount(IEnumerable<string> silver) => [.. silver
        .Select(r => r.Split('[')[0].Split('|'))
        .GroupBy(c => c[0])
        .Select(g => string.Join('|', g.Key, g.Count(), Sum(g.Select(c => c[6])), Bits(ExactSum(Prices(g))), Bits(Min(Prices(g))), Bits(Max(Prices(g))), MaxText(g.Select(c => c[4]))))
        .Order(StringComparer.Ordinal)];

    private static string Bits(double? value) => value is { } v ? BitConverter.DoubleToInt64Bits(v).ToString("X16") : "null";

    private static double[] Prices(IEnumerable<string[]> rows) =>
        [.. rows.Select(c => c[5]).Where(p => p != "null").Select(p => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture))];

    private static string Sum(IEnumerable<string> amounts)
    {
        long[] values = [.. amounts.Where(a => a != "null").Select(long.Parse)];
        return values.Length == 0 ? "null" : values.Sum().ToString();
    }

    /// <summary>The generated prices are halves of small integers, so decimal arithmetic is exact.</summary>
    private static double? ExactSum(double[] values) => values.Length == 0 ? null
        : values.Any(double.IsNaN) || (values.Contains(double.PositiveInfinity) && values.Contains(double.NegativeInfinity)) ? double.NaN
        : values.FirstOrDefault(double.IsInfinity) is var infinity and not 0 ? infinity
        : (double)values.Sum(v => (decimal)v);

    private static double? Min(double[] values) => values.Length == 0 ? null : values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Min();

    private static double? Max(double[] values) => values.Length == 0 ? null : values.Any(double.IsNaN) ? double.NaN : values.Max();

    private static string MaxText(IEnumerable<string> names) => names.Where(n => n != "null").DefaultIfEmpty("null").Max(StringComparer.Ordinal)!;
}
