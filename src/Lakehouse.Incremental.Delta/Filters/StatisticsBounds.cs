using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>What the statistics of a file tell of a column, read so that whatever writer made them no value lies outside of the bounds.</summary>
internal static class StatisticsBounds
{
    // Some writers keep decimals as doubles in statistics: beyond 53 bits these are off by one part in 2^52 at most.
    private const int ExactBits = 53;

    public static ColumnBounds Of(JsonObject? stats, string column, IArrowType type)
    {
        long? rows = StatisticsJson.Number(stats?["numRecords"]);
        long? nulls = StatisticsJson.Number(Value(stats, "nullCount", column));
        bool tight = stats?["tightBounds"] is not JsonValue flag || !flag.TryGetValue(out bool isTight) || isTight;

        // With wide bounds a number of nulls says something only when it is none or all.
        bool mayBeNull = nulls is null || nulls > 0 || (!tight && nulls != 0);
        bool mayBeValue = nulls is null || rows is null || nulls < rows;
        JsonNode? min = Value(stats, "minValues", column);
        JsonNode? max = Value(stats, "maxValues", column);
        return type is FloatType or DoubleType
            ? new ColumnBounds(mayBeNull, mayBeValue, IsText(min) || IsText(max) ? null : Bound(min, type, isMax: false), null)
            : new ColumnBounds(mayBeNull, mayBeValue, Bound(min, type, isMax: false), Bound(max, type, isMax: true));
    }

    private static JsonNode? Value(JsonObject? stats, string kind, string column) => (stats?[kind] as JsonObject)?[column];

    /// <summary>
    /// Text stands for NaN and the infinities. A writer that met a NaN first may have compared all others with it in vain. The upper bound of
    /// floating-point columns is never used: a NaN, greater than all, may be there although it is not in the statistics.
    /// </summary>
    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static byte[]? Bound(JsonNode? value, IArrowType type, bool isMax)
    {
        if (value is not JsonValue json)
        {
            return null;
        }

        try
        {
            return Parse(json, type, isMax) is { } parsed ? FilterLiteral.Encode(ConstantArray.Create(type, parsed, 1)) : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            // Statistics that make no sense say nothing.
            return null;
        }
    }

    private static object? Parse(JsonValue json, IArrowType type, bool isMax)
    {
        bool isText = json.GetValueKind() == JsonValueKind.String;
        string text = isText ? json.GetValue<string>() : json.ToJsonString();
        switch (type)
        {
            case StringType or Date32Type:
                return isText ? PartitionValues.Parse(text, type) : null;
            case TimestampType:
                // Writers cut timestamps to milliseconds, downwards.
                return isText ? DataFiles.Calendar.ParseTimestamp(text) is var micros && isMax ? micros + Math.Min(999, long.MaxValue - micros) : micros : null;
            case Decimal128Type number:
                Int128 unscaled = Unscaled(text, number.Scale);
                Int128 slack = Int128.Abs(unscaled) >> ExactBits == 0 ? 0 : (Int128.Abs(unscaled) >> (ExactBits - 2)) + 1;
                return checked(isMax ? unscaled + slack : unscaled - slack);
            case DoubleType:
                // A file from before the column was widened has the shortest text of a float, which may be a greater number as a double.
                double number64 = double.Parse(text, CultureInfo.InvariantCulture);
                return Math.Min(number64, (double)(float)number64);
            case Int8Type or Int16Type or Int32Type or Int64Type or FloatType:
                return PartitionValues.Parse(text, type);
            default:
                // The format keeps no bounds for other types; what stands there is in the writer's own form.
                return null;
        }
    }

    /// <summary>Exactly the number a text writes, with or without an exponent.</summary>
    private static Int128 Unscaled(string text, int scale)
    {
        int e = text.IndexOfAny(['e', 'E']);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        BigInteger digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int shift = checked(exponent - fraction + scale);
        if (shift is < -100 or > 100)
        {
            throw new FormatException($"{text} is out of range");
        }

        if (shift >= 0)
        {
            return (Int128)(digits * BigInteger.Pow(10, shift));
        }

        BigInteger quotient = BigInteger.DivRem(digits, BigInteger.Pow(10, -shift), out BigInteger rest);
        return rest.IsZero ? (Int128)quotient : throw new FormatException($"{text} has more than {scale} digits after the point");
    }
}
