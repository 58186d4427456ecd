using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>The type tag of canonical values: types between which a column may be widened share one; values of others are never equal.</summary>
internal static class CanonicalFamily
{
    public static byte Of(IArrowType type) => (byte)(type switch
    {
        StringType => 's',
        BinaryType => 'x',
        BooleanType => 'b',
        Int8Type or Int16Type or Int32Type or Int64Type => 'i',
        Decimal128Type => 'm',
        FloatType or DoubleType => 'f',
        Date32Type => 'd',
        TimestampType { Timezone: null } => 'n',
        TimestampType => 't',
        ListType => 'l',
        MapType => 'p',
        StructType => 'r',
        NullType => 'v',
        _ => throw new ArgumentException($"Values of type {type.Name} are not canonical; cast them first.", nameof(type)),
    });
}
