using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>What an aggregate of <see cref="SilverTable"/> must publish, worked out the plain way, as text that shows every bit that counts.</summary>
internal static class GoldOracle
{
    public static AggregateFlow Flow(params string[] groupBy) => AggregateFlow.Named("gold").GroupBy(groupBy)
        .Count("rows").Sum("real").Sum("single").Sum("whole").Sum("amount")
        .Min("real").Max("real").Min("single").Max("whole").Min("text").Max("text").Build();

    public static List<string> Expected(IEnumerable<SilverEvent> rows, params string[] groupBy)
    {
        List<string> gold = [.. rows.GroupBy(r => string.Join(" | ", groupBy.Select(c => Key(r, c)))).Select(g => Row(g.Key, [.. g]))];
        if (groupBy.Length == 0 && gold.Count == 0)
        {
            gold.Add(Row("", []));
        }

        gold.Sort(StringComparer.Ordinal);
        return gold;
    }

    public static async Task<List<string>> ActualAsync(DeltaTable gold, int groupColumns)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in gold.ReadAsync())
        {
            for (int row = 0; row < batch.Length; row++)
            {
                string[] cells = [.. Enumerable.Range(0, batch.ColumnCount).Select(c => CellText.Format(batch.Column(c), row))];
                rows.Add(string.Join(" | ", cells[..groupColumns]) + " => " + string.Join(" | ", cells[groupColumns..]));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string Key(SilverEvent row, string column) => column == "g"
        ? row.Group ?? "null"
        : row.Zone is { } zone ? Number(zone == 0 ? 0 : zone) : "null";

    private static string Row(string key, List<SilverEvent> rows)
    {
        double[] reals = [.. rows.Select(r => r.Real).OfType<double>()];
        float[] singles = [.. rows.Select(r => r.Single).OfType<float>()];
        long[] wholes = [.. rows.Select(r => r.Whole).OfType<long>()];
        string[] texts = [.. rows.Select(r => r.Text).OfType<string>().Order(StringComparer.Ordinal)];
        BigInteger amount = wholes.Aggregate(BigInteger.Zero, (sum, w) => sum + w);
        string[] cells =
        [
            rows.Count.ToString(CultureInfo.InvariantCulture),
            reals.Length == 0 ? "null" : Number(RationalOracle.Sum(reals)),
            singles.Length == 0 ? "null" : SingleSum(singles).ToString(CultureInfo.InvariantCulture),
            wholes.Length == 0 ? "null" : amount.ToString(CultureInfo.InvariantCulture),
            wholes.Length == 0 ? "null" : (amount * 10).ToString(CultureInfo.InvariantCulture) + ".00",
            reals.Length == 0 ? "null" : Number(Ordered(reals)[0]),
            reals.Length == 0 ? "null" : Number(Ordered(reals)[^1]),
            singles.Length == 0 ? "null" : ((float)Ordered([.. singles.Select(s => (double)s)])[0]).ToString(CultureInfo.InvariantCulture),
            wholes.Length == 0 ? "null" : wholes.Max().ToString(CultureInfo.InvariantCulture),
            texts.Length == 0 ? "null" : texts[0],
            texts.Length == 0 ? "null" : texts[^1],
        ];
        return key + " => " + string.Join(" | ", cells);
    }

    /// <summary>Ascending, zeros alike, NaN above all.</summary>
    private static List<double> Ordered(double[] values) =>
        [.. values.Select(v => v == 0 ? 0 : v).OrderBy(v => double.IsNaN(v) ? 1 : 0).ThenBy(v => v)];

    private static float SingleSum(float[] values)
    {
        double special = RationalOracle.Sum(values.Where(v => !float.IsFinite(v)).Select(v => (double)v));
        return special != 0 || double.IsNaN(special)
            ? (float)special
            : RationalOracle.NearestSingle(values.Aggregate(BigInteger.Zero, (s, v) => s + RationalOracle.Units(v)));
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
