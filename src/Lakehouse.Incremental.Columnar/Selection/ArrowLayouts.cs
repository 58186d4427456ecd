using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Whether arrays of two types mean the same by the same bytes: reading one as the other would otherwise give nonsense without an error.
/// </summary>
internal static class ArrowLayouts
{
    /// <summary>Throws when values of a column cannot stand for values of the type that was asked for.</summary>
    public static void Require(IArrowType expected, IArrowType actual)
    {
        if (!Same(expected, actual))
        {
            throw new ArgumentException($"An array of type {actual.Name} was given where {expected.Name} is expected.", nameof(actual));
        }
    }

    /// <summary>The types that occur inside of the library; others come from outside and go through <see cref="LosslessCast"/>.</summary>
    public static bool IsCanonical(IArrowType type) => type switch
    {
        NullType or BooleanType or Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType => true,
        StringType or BinaryType or Date32Type or Decimal128Type or TimestampType { Unit: TimeUnit.Microsecond } => true,
        StructType or ListType or MapType => ((NestedType)type).Fields.All(field => IsCanonical(field.DataType)),
        _ => false,
    };

    public static bool Same(IArrowType a, IArrowType b) => (a, b) switch
    {
        (Decimal128Type x, Decimal128Type y) => x.Scale == y.Scale,
        (TimestampType x, TimestampType y) => x.Unit == y.Unit && x.Timezone is null == y.Timezone is null,
        (StructType x, StructType y) => SameChildren(x, y),
        (ListType x, ListType y) => Same(x.ValueDataType, y.ValueDataType),
        (MapType x, MapType y) => SameChildren(x.KeyValueType, y.KeyValueType),
        _ => a.TypeId == b.TypeId,
    };

    private static bool SameChildren(StructType a, StructType b)
    {
        if (a.Fields.Count != b.Fields.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Fields.Count; i++)
        {
            if (!Same(a.Fields[i].DataType, b.Fields[i].DataType))
            {
                return false;
            }
        }

        return true;
    }
}
