using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>The scalar part of <see cref="LosslessCast"/>: which types convert, and by what.</summary>
internal static class ScalarCast
{
    public static bool CanCast(IArrowType from, IArrowType to) => to switch
    {
        StringType => from is StringType or LargeStringType or StringViewType,
        BinaryType => from is BinaryType or LargeBinaryType or BinaryViewType || (from is FixedSizeBinaryType && !DecimalCast.IsDecimal(from)),
        BooleanType => from is BooleanType,
        Int8Type or Int16Type or Int32Type or Int64Type => IntegerCast.IsInteger(from),
        FloatType => from is FloatType or HalfFloatType,
        DoubleType => from is DoubleType or FloatType or HalfFloatType,
        Decimal128Type => DecimalCast.IsDecimal(from) || IntegerCast.IsInteger(from),
        Date32Type => from is Date32Type or Date64Type,
        TimestampType { Unit: TimeUnit.Microsecond } t => from is TimestampType f && HasZone(f) == HasZone(t),
        _ => false,
    };

    public static CastResult Cast(IArrowArray source, IArrowType target)
    {
        ArrayData data = source.Data;
        return (data.DataType, target) switch
        {
            (TimestampType from, TimestampType) when from.Unit != TimeUnit.Microsecond => IntegerCast.Microseconds(data, from.Unit, target),
            (Date64Type, _) => IntegerCast.Days(data, target),
            (Decimal128Type from, Decimal128Type to) when from.Scale == to.Scale && from.Precision <= to.Precision => Same(source, target),
            (_, Decimal128Type to) => DecimalCast.Cast(data, to),
            ({ } from, _) when from.TypeId == target.TypeId => Same(source, target),
            (_, StringType or BinaryType) => BytesCast.Cast(source, target),
            (_, FloatType or DoubleType) => FloatCast.Cast(data, target),
            _ => IntegerCast.Cast(data, target),
        };
    }

    /// <summary>The same bytes under a type that says more or less about them (precision, name of the time zone).</summary>
    private static CastResult Same(IArrowArray source, IArrowType target)
    {
        ArrayData copy = ManagedCopy.Copy(source).Data;
        return new CastResult(
            ArrowArrayFactory.BuildArray(new ArrayData(target, copy.Length, copy.NullCount, copy.Offset, copy.Buffers, copy.Children)), null);
    }

    private static bool HasZone(TimestampType type) => !string.IsNullOrEmpty(type.Timezone);
}
