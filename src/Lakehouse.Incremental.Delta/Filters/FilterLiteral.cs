using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>A literal in the type of the column it is compared with, as bytes that compare as the values do.</summary>
internal static class FilterLiteral
{
    /// <summary>Null when the literal is null.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the column has no order, or the literal does not fit its type.</exception>
    public static byte[]? Encode(object? literal, Field column)
    {
        if (!RowEncoder.IsOrderable(column.DataType))
        {
            throw Mismatch(column, $"its type {column.DataType.Name} cannot be compared");
        }

        return literal is null ? null : Encode(ToArray(literal, column));
    }

    /// <summary>An array with one value of the column's type.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the literal does not fit the type.</exception>
    public static IArrowArray ToArray(object literal, Field column)
    {
        IArrowArray natural = column.DataType is FloatType or DoubleType && ToDouble(literal) is { } number
            ? Floating(number, column, literal)
            : Natural(literal, column);
        if (!LosslessCast.CanCast(natural.Data.DataType, column.DataType))
        {
            throw Mismatch(column, $"a {literal.GetType().Name} is no {column.DataType.Name}");
        }

        CastResult cast = LosslessCast.Cast(natural, column.DataType);
        return cast.FailedRows == 0 ? cast.Array : throw Mismatch(column, $"{literal} does not fit {column.DataType.Name} without loss");
    }

    /// <summary>The one value of an array.</summary>
    public static byte[] Encode(IArrowArray one)
    {
        RecordBatch batch = new(new Schema([new Field("v", one.Data.DataType, true)], null), [one], 1);
        return new RowEncoder([one.Data.DataType]).Encode(batch, [0])[0].ToArray();
    }

    private static IArrowArray Natural(object literal, Field column) => literal switch
    {
        string v => ConstantArray.Create(StringType.Default, v, 1),
        byte[] v => ConstantArray.Create(BinaryType.Default, v, 1),
        bool v => ConstantArray.Create(BooleanType.Default, v, 1),
        sbyte or byte or short or ushort or int or uint or long =>
            ConstantArray.Create(Int64Type.Default, Convert.ToInt64(literal, System.Globalization.CultureInfo.InvariantCulture), 1),
        ulong v => ConstantArray.Create(new Decimal128Type(20, 0), (Int128)v, 1),
        decimal v => ConstantArray.Create(new Decimal128Type(29, v.Scale), Unscaled(v), 1),
        DateOnly v => ConstantArray.Create(Date32Type.Default, v.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, 1),
        DateTimeOffset v => ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, "UTC"), Micros(v.UtcTicks, column), 1),
        DateTime { Kind: DateTimeKind.Utc } v => ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, "UTC"), Micros(v.Ticks, column), 1),
        DateTime v => ConstantArray.Create(new TimestampType(TimeUnit.Microsecond, (string?)null), Micros(v.Ticks, column), 1),
        float or double => throw Mismatch(column, $"{literal} does not fit {column.DataType.Name}"),
        _ => throw Mismatch(column, $"a {literal.GetType().Name} is no literal"),
    };

    private static IArrowArray Floating(double number, Field column, object literal)
    {
        if (column.DataType is DoubleType)
        {
            return ConstantArray.Create(DoubleType.Default, number, 1);
        }

        float single = (float)number;
        return single == number || double.IsNaN(number)
            ? ConstantArray.Create(FloatType.Default, single, 1)
            : throw Mismatch(column, $"{literal} does not fit float without loss");
    }

    private static double? ToDouble(object literal) => literal switch
    {
        double v => v,
        float v => v,
        sbyte or byte or short or ushort or int or uint => Convert.ToDouble(literal, System.Globalization.CultureInfo.InvariantCulture),

        // Conversions back saturate, so the limits of long itself would seem to survive.
        long v when (Int128)(double)v == v => v,
        decimal v when Math.Abs(v) < 1e28m && (decimal)(double)v == v => (double)v,
        _ => null,
    };

    private static Int128 Unscaled(decimal value)
    {
        int[] bits = decimal.GetBits(value);
        Int128 magnitude = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        return value < 0 ? -magnitude : magnitude;
    }

    private static long Micros(long ticks, Field column) => ticks % TimeSpan.TicksPerMicrosecond == 0
        ? (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
        : throw Mismatch(column, "the literal is finer than a microsecond");

    private static LakehouseException Mismatch(Field column, string why) =>
        new(ErrorCodes.SchemaMismatch, $"The filter on column {column.Name} does not fit: {why}.");
}
