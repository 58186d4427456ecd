using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>Which wider types a column may get, and what its values are then.</summary>
internal static class Widening
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    public static IReadOnlyList<IArrowType> Of(ModelColumn column) => column is { IsPartition: true, Type: FloatType } ? [] : Of(column.Type);

    private static IReadOnlyList<IArrowType> Of(IArrowType type) => type switch
    {
        Int8Type => [Int16Type.Default, Int32Type.Default, Int64Type.Default, DoubleType.Default, new Decimal128Type(12, 2)],
        Int16Type => [Int32Type.Default, Int64Type.Default, DoubleType.Default, new Decimal128Type(10, 0)],
        Int32Type => [Int64Type.Default, DoubleType.Default, new Decimal128Type(13, 3)],
        Int64Type => [new Decimal128Type(20, 0), new Decimal128Type(25, 5)],
        FloatType => [DoubleType.Default],
        Date32Type => [new TimestampType(TimeUnit.Microsecond, (string?)null)],
        Decimal128Type { Precision: <= 34 } number =>
            [new Decimal128Type(number.Precision + 3, number.Scale), new Decimal128Type(number.Precision + 4, number.Scale + 2)],
        _ => [],
    };

    public static object? Convert(object? value, IArrowType from, IArrowType to) => (value, to) switch
    {
        (null, _) => null,
        (Int128 unscaled, Decimal128Type wider) => unscaled * Power(wider.Scale - ((Decimal128Type)from).Scale),
        (_, Decimal128Type wider) => (Int128)System.Convert.ToInt64(value) * Power(wider.Scale),
        (float number, _) => (double)number,
        (int days, TimestampType) => days * MicrosecondsPerDay,
        (_, Int16Type) => System.Convert.ToInt16(value),
        (_, Int32Type) => System.Convert.ToInt32(value),
        (_, Int64Type) => System.Convert.ToInt64(value),
        (_, DoubleType) => System.Convert.ToDouble(value),
        _ => throw new ArgumentException($"{from.Name} to {to.Name}", nameof(to)),
    };

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (int i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }
}
