using System.Globalization;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar.Tests.Generators;

/// <summary>The text that <see cref="CellText"/> should give for a value of <see cref="Cells"/>.</summary>
internal static class ModelText
{
    public static string Of(IArrowType type, object? value) => (type, value) switch
    {
        (_, null) => "null",
        (ListType list, List<object?> items) => "[" + string.Join(", ", items.Select(i => Of(list.ValueDataType, i))) + "]",
        (MapType map, List<object?> items) => "{" + string.Join(", ", items.Select(i => Of(map.Fields[0].DataType, i))) + "}",
        (StructType composite, object?[] items) => "{" + string.Join(", ", composite.Fields.Select((f, i) => $"{f.Name}: {Of(f.DataType, items[i])}")) + "}",
        (_, byte[] bytes) => "0x" + Convert.ToHexString(bytes),
        (_, bool flag) => flag ? "true" : "false",
        (Decimal128Type { Scale: var scale }, Int128 unscaled) => Decimal(unscaled, scale),
        (Date32Type, int days) => new DateTime(1970, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (TimestampType t, long micros) => Timestamp(micros) + (t.Timezone is null ? "" : "Z"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Timestamp(long micros)
    {
        DateTime time = new DateTime(1970, 1, 1).AddTicks(micros * 10);
        string fraction = (time.Ticks % TimeSpan.TicksPerSecond / 10).ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0');
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + (fraction.Length > 0 ? "." + fraction : "");
    }

    private static string Decimal(Int128 unscaled, int scale)
    {
        Int128 unit = 1;
        for (int i = 0; i < scale; i++)
        {
            unit *= 10;
        }

        string whole = (unscaled < 0 ? "-" : "") + Int128.Abs(unscaled / unit).ToString(CultureInfo.InvariantCulture);
        return scale == 0 ? whole : whole + "." + Int128.Abs(unscaled % unit).ToString(CultureInfo.InvariantCulture).PadLeft(scale, '0');
    }
}
