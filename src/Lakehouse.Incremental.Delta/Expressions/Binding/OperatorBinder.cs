using System.Numerics;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Syntax;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Binding;

/// <summary>The types and kernels of operators.</summary>
internal static class OperatorBinder
{
    /// <summary>A comparison by its symbol; null for another operator.</summary>
    public static Comparison? ComparisonOf(string symbol) => symbol switch
    {
        "=" => Comparison.Equal,
        "<>" => Comparison.NotEqual,
        "<" => Comparison.LessThan,
        "<=" => Comparison.LessThanOrEqual,
        ">" => Comparison.GreaterThan,
        ">=" => Comparison.GreaterThanOrEqual,
        _ => null,
    };

    public static BoundNode Compare(Comparison comparison, BoundNode left, BoundNode right)
    {
        (left, right) = comparison is Comparison.Equal or Comparison.NotEqual ? ForEquality(left, right) : Comparable(left, right);
        (DataType a, DataType b) = (left.Type, right.Type);
        return new BoundCall(
            PrimitiveType.Boolean, [left, right], (values, scope) => ComparisonKernel.Compare(comparison, a, b, values[0], values[1], scope.Rows));
    }

    public static BoundNode NullSafeEqual(BoundNode left, BoundNode right)
    {
        (left, right) = ForEquality(left, right);
        (DataType a, DataType b) = (left.Type, right.Type);
        return new BoundCall(
            PrimitiveType.Boolean, [left, right], (values, scope) => ComparisonKernel.NullSafeEqual(a, b, values[0], values[1], scope.Rows));
    }

    /// <summary>As <see cref="Comparable"/>; structs and lists are equal or not, too, when their fields and types are the same.</summary>
    public static (BoundNode Left, BoundNode Right) ForEquality(BoundNode left, BoundNode right) =>
        SqlTypes.AreNestedAlike(left.Type, right.Type) ? (left, right) : Comparable(left, right);

    /// <summary>Both sides in the type they are compared in. Decimals keep their scales.</summary>
    private static (BoundNode Left, BoundNode Right) Comparable(BoundNode left, BoundNode right)
    {
        DataType? type = SqlTypes.Comparable(left.Type, right.Type);
        if (type is null)
        {
            bool nested = SqlTypes.IsNested(left.Type) && SqlTypes.IsNested(right.Type);
            string what = $"{SqlTypes.Name(left.Type)} and {SqlTypes.Name(right.Type)}";
            throw nested ? ExpressionErrors.Unsupported($"comparison of {what}, other than equality of structs or lists with the same fields and types,") : ExpressionErrors.Invalid($"{what} cannot be compared");
        }

        return type is DecimalType ? (AsDecimal(left), AsDecimal(right)) : (Coercion.Cast(left, type), Coercion.Cast(right, type));
    }

    public static BoundNode Arithmetic(string operation, BoundNode left, BoundNode right)
    {
        if (IsDays(left) || IsDays(right))
        {
            return DateOperators.Arithmetic(operation, left, right);
        }

        left = Number(operation, left);
        right = Number(operation, right);
        if (left.Type is DecimalType || right.Type is DecimalType)
        {
            if (!SqlTypes.IsFloating(left.Type) && !SqlTypes.IsFloating(right.Type))
            {
                return Decimals(operation, AsDecimal(left), AsDecimal(right));
            }
        }

        DataType type = operation switch
        {
            "/" => PrimitiveType.Double,
            "div" => PrimitiveType.Long,
            _ => SqlTypes.CommonNumeric(left.Type, right.Type),
        };
        return new BoundCall(type, [Coercion.Cast(left, type), Coercion.Cast(right, type)], (values, scope) =>
            ArithmeticKernel.Apply(operation, type, values[0], values[1], scope));
    }

    public static BoundNode Negate(BoundNode node)
    {
        node = Number("-", node);
        DataType zero = node.Type is DecimalType number ? number : node.Type;
        if (zero is DecimalType type)
        {
            return new BoundCall(type, [node], (values, scope) =>
                RowsKernel.Map<Int128, Int128>(SqlTypes.Arrow(type), values[0], scope, static value => -value));
        }

        if (SqlTypes.IsFloating(zero))
        {
            BoundNode minusOne = Coercion.Cast(new BoundLiteral(-1, PrimitiveType.Integer), zero);
            return Arithmetic("*", node, minusOne);
        }

        return Arithmetic("-", Coercion.Cast(new BoundLiteral((sbyte)0, PrimitiveType.Byte), zero), node);
    }

    public static BoundNode Not(BoundNode node)
    {
        BoundNode condition = Condition(node, "NOT");
        return new BoundCall(PrimitiveType.Boolean, [condition], static (values, scope) =>
            RowsKernel.Map<bool, bool>(SqlTypes.Arrow(PrimitiveType.Boolean), values[0], scope, static value => !value));
    }

    /// <summary>IS NULL, IS TRUE and so on: never null themselves.</summary>
    public static BoundNode Is(BoundNode node, Func<SqlVector, int, bool> test) => new BoundCall(PrimitiveType.Boolean, [node], (values, scope) =>
    {
        byte[] bits = new byte[Bitmaps.Bytes(scope.Rows)];
        for (int row = 0; row < scope.Rows; row++)
        {
            if (test(values[0], row))
            {
                Bitmaps.Set(bits, row);
            }
        }

        return Arrays.Booleans(bits, null, scope.Rows);
    });

    /// <summary>A node that must be a condition.</summary>
    public static BoundNode Condition(BoundNode node, string where) =>
        node.Type == PrimitiveType.Boolean || node.Type == PrimitiveType.Void || node.Type == PrimitiveType.String
            ? Coercion.Cast(node, PrimitiveType.Boolean)
            : throw ExpressionErrors.Invalid($"{where} takes conditions, not {SqlTypes.Name(node.Type)}");

    /// <summary>Texts are calculated with as doubles.</summary>
    public static BoundNode Number(string operation, BoundNode node) =>
        SqlTypes.IsNumeric(node.Type) ? node
        : node.Type == PrimitiveType.String || node.Type == PrimitiveType.Void ? Coercion.Cast(node, PrimitiveType.Double)
        : throw ExpressionErrors.Invalid($"'{operation}' takes numbers, not {SqlTypes.Name(node.Type)}");

    private static BoundCall Decimals(string operation, BoundNode left, BoundNode right)
    {
        (DecimalType a, DecimalType b) = ((DecimalType)left.Type, (DecimalType)right.Type);
        if (operation == "div")
        {
            return new BoundCall(PrimitiveType.Long, [left, right], (values, scope) =>
                ArithmeticKernel.DivideWhole(a, b, values[0], values[1], scope));
        }

        DecimalType type = DecimalMath.ResultOf(operation == "pmod" ? "%" : operation, a, b);
        return new BoundCall(type, [left, right], (values, scope) =>
            ArithmeticKernel.Decimals(operation, a, b, type, values[0], values[1], scope));
    }

    // A literal takes as many digits as it has, which leaves the result its scale.
    private static BoundNode AsDecimal(BoundNode node) => node.Type is DecimalType ? node
        : node is BoundLiteral { Value: sbyte or short or int or long } literal
            ? Coercion.Cast(node, SqlTypes.AsDecimal((BigInteger)Convert.ToInt64(literal.Value, System.Globalization.CultureInfo.InvariantCulture)))
        : Coercion.Cast(node, SqlTypes.AsDecimal(node.Type));

    private static bool IsDays(BoundNode node) => node.Type == PrimitiveType.Date || SqlTypes.IsTimestamp(node.Type);
}
