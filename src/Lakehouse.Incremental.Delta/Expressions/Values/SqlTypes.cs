using System.Globalization;
using System.Numerics;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using ArrayType = Lakehouse.Incremental.Delta.Schemas.ArrayType;
using MapType = Lakehouse.Incremental.Delta.Schemas.MapType;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>What the types of the table format are to SQL: families, common types, names.</summary>
internal static class SqlTypes
{
    private const int LongDigits = 20;
    private const int IntegerDigits = 10;
    private const int ShortDigits = 5;
    private const int ByteDigits = 3;

    public static IArrowType Arrow(DataType type) => ArrowSchemas.ToArrow(new StructType([new StructField("v", type)])).GetFieldByIndex(0).DataType;

    public static bool IsIntegral(DataType type) => Rank(type) is >= 1 and <= 4;

    public static bool IsFloating(DataType type) => Rank(type) is 5 or 6;

    public static bool IsNumeric(DataType type) => Rank(type) > 0 || type is DecimalType;

    public static bool IsNested(DataType type) => type is StructType or ArrayType or MapType || type == PrimitiveType.Variant;

    public static bool IsTimestamp(DataType type) => type == PrimitiveType.Timestamp || type == PrimitiveType.TimestampNtz;

    /// <summary>The decimal type that holds all values of a type of whole numbers.</summary>
    public static DecimalType AsDecimal(DataType type) => type as DecimalType ?? new DecimalType(
        Rank(type) switch
        {
            1 => ByteDigits,
            2 => ShortDigits,
            3 => IntegerDigits,
            _ => LongDigits,
        },
        0);

    /// <summary>The decimal type of just the digits of a whole number.</summary>
    public static DecimalType AsDecimal(BigInteger value) =>
        new(BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length, 0);

    /// <summary>The numeric type both are calculated in.</summary>
    public static DataType CommonNumeric(DataType a, DataType b)
    {
        if (a is DecimalType || b is DecimalType)
        {
            return IsFloating(a) || IsFloating(b) ? PrimitiveType.Double : DecimalMath.Common(AsDecimal(a), AsDecimal(b));
        }

        return Rank(a) >= Rank(b) ? a : b;
    }

    /// <summary>The type that CASE, COALESCE and the like give for values of two types; null when there is none.</summary>
    public static DataType? Common(DataType a, DataType b)
    {
        if (a.Equals(b) || b == PrimitiveType.Void)
        {
            return a;
        }

        if (a == PrimitiveType.Void)
        {
            return b;
        }

        if (IsNumeric(a) && IsNumeric(b))
        {
            return CommonNumeric(a, b);
        }

        if ((a == PrimitiveType.Date || IsTimestamp(a)) && (b == PrimitiveType.Date || IsTimestamp(b)))
        {
            return a == PrimitiveType.Timestamp || b == PrimitiveType.Timestamp ? PrimitiveType.Timestamp : PrimitiveType.TimestampNtz;
        }

        return (a == PrimitiveType.String && BecomesText(b)) || (b == PrimitiveType.String && BecomesText(a)) ? PrimitiveType.String : null;
    }

    /// <summary>The type that two values are compared in; null when they cannot be. A text takes the type of the other.</summary>
    public static DataType? Comparable(DataType a, DataType b)
    {
        if (a == PrimitiveType.String && b != PrimitiveType.String && (IsNumeric(b) || BecomesText(b)))
        {
            return b is DecimalType ? PrimitiveType.Double : b;
        }

        if (b == PrimitiveType.String && a != PrimitiveType.String)
        {
            return Comparable(b, a);
        }

        DataType? common = Common(a, b);
        return common is null || IsNested(common) ? null : common;
    }

    /// <summary>Whether two types are structs or lists that hold the same, whatever they note about it.</summary>
    public static bool AreNestedAlike(DataType a, DataType b) => (a, b) switch
    {
        (StructType x, StructType y) => x.Fields.Count == y.Fields.Count && x.Fields.Zip(y.Fields).All(static fields =>
            string.Equals(fields.First.Name, fields.Second.Name, StringComparison.Ordinal) && AreAlike(fields.First.Type, fields.Second.Type)),
        (ArrayType x, ArrayType y) => AreAlike(x.ElementType, y.ElementType),
        _ => false,
    };

    /// <summary>Whether values of one type become values of another when they are assigned, without a cast.</summary>
    public static bool IsAssignable(DataType from, DataType to) => from.Equals(to) || from == PrimitiveType.Void
        || (IsNumeric(from) && IsNumeric(to))
        || (IsDays(from) && IsDays(to))
        || (to == PrimitiveType.String && BecomesText(from));

    public static string Name(DataType type) => type switch
    {
        StructType => "struct",
        ArrayType array => $"array<{Name(array.ElementType)}>",
        MapType map => $"map<{Name(map.KeyType)},{Name(map.ValueType)}>",
        _ => type.ToString(),
    };

    private static bool AreAlike(DataType a, DataType b) => a.Equals(b) || AreNestedAlike(a, b);

    private static bool IsDays(DataType type) => type == PrimitiveType.Date || IsTimestamp(type);

    private static bool BecomesText(DataType type) => !IsNested(type) && type != PrimitiveType.Binary;

    private static int Rank(DataType type) => type is not PrimitiveType primitive ? 0 : primitive.Name switch
    {
        "byte" => 1,
        "short" => 2,
        "integer" => 3,
        "long" => 4,
        "float" => 5,
        "double" => 6,
        _ => 0,
    };
}
