using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>
/// Arithmetic on two columns of one type, or on decimals of any. A division by zero gives null; a result that does not fit is an error.
/// </summary>
internal static class ArithmeticKernel
{
    public static IArrowArray Apply(string operation, DataType type, SqlVector a, SqlVector b, EvaluationScope scope) =>
        ((PrimitiveType)type).Name switch
    {
        "byte" => Whole<sbyte>(operation, type, a, b, scope),
        "short" => Whole<short>(operation, type, a, b, scope),
        "integer" => Whole<int>(operation, type, a, b, scope),
        "long" => Whole<long>(operation, type, a, b, scope),
        "float" => Floating<float>(operation, type, a, b, scope),
        _ => Floating<double>(operation, type, a, b, scope),
    };

    public static IArrowArray Decimals(
        string operation, DecimalType left, DecimalType right, DecimalType result, SqlVector a, SqlVector b, EvaluationScope scope)
    {
        Func<Int128, int, Int128, int, DecimalType, Int128?> apply = operation switch
        {
            "+" => DecimalMath.Add,
            "-" => static (x, xs, y, ys, type) => DecimalMath.Add(x, xs, -y, ys, type),
            "*" => DecimalMath.Multiply,
            "/" => DecimalMath.Divide,
            "pmod" => Modulus,
            _ => DecimalMath.Remainder,
        };
        bool divides = operation is "/" or "%" or "pmod";
        return RowsKernel.Map<Int128, Int128, Int128>(SqlTypes.Arrow(result), a, b, scope, (x, y) =>
            divides && y == 0 ? Maybe<Int128>.Null
            : apply(x, left.Scale, y, right.Scale, result) ?? throw ExpressionErrors.Overflow(
                $"{NumberText.Format(x, left.Scale)} {operation} {NumberText.Format(y, right.Scale)} is no {result}"));
    }

    /// <summary><c>div</c> of decimals.</summary>
    public static IArrowArray DivideWhole(DecimalType left, DecimalType right, SqlVector a, SqlVector b, EvaluationScope scope) =>
        RowsKernel.Map<Int128, Int128, long>(SqlTypes.Arrow(PrimitiveType.Long), a, b, scope, (x, y) =>
            y == 0 ? Maybe<long>.Null
            : DecimalMath.DivideWhole(x, left.Scale, y, right.Scale) ?? throw ExpressionErrors.Overflow("the quotient is no bigint"));

    private static Int128? Modulus(Int128 x, int xScale, Int128 y, int yScale, DecimalType type)
    {
        Int128? rest = DecimalMath.Remainder(x, xScale, y, yScale, type);
        return rest is null || rest.Value >= 0 ? rest
            : DecimalMath.Add(rest.Value, type.Scale, y, yScale, type) is { } positive ? DecimalMath.Remainder(positive, type.Scale, y, yScale, type)
            : null;
    }

    private static IArrowArray Whole<T>(string operation, DataType type, SqlVector a, SqlVector b, EvaluationScope scope)
        where T : unmanaged, IBinaryInteger<T> => operation switch
    {
        "+" => Loop<T, WholeAdd<T>>(operation, type, a, b, scope),
        "-" => Loop<T, WholeSubtract<T>>(operation, type, a, b, scope),
        "*" => Loop<T, WholeMultiply<T>>(operation, type, a, b, scope),
        "div" => Loop<T, WholeDivide<T>>(operation, type, a, b, scope),
        "pmod" => Loop<T, WholeModulus<T>>(operation, type, a, b, scope),
        _ => Loop<T, WholeRemainder<T>>(operation, type, a, b, scope),
    };

    private static IArrowArray Floating<T>(string operation, DataType type, SqlVector a, SqlVector b, EvaluationScope scope)
        where T : unmanaged, IFloatingPointIeee754<T> => operation switch
    {
        "+" => Loop<T, FloatAdd<T>>(operation, type, a, b, scope),
        "-" => Loop<T, FloatSubtract<T>>(operation, type, a, b, scope),
        "*" => Loop<T, FloatMultiply<T>>(operation, type, a, b, scope),
        "/" => Loop<T, FloatDivide<T>>(operation, type, a, b, scope),
        "pmod" => Loop<T, FloatModulus<T>>(operation, type, a, b, scope),
        _ => Loop<T, FloatRemainder<T>>(operation, type, a, b, scope),
    };

    private static unsafe IArrowArray Loop<T, TOperation>(string operation, DataType type, SqlVector a, SqlVector b, EvaluationScope scope)
        where T : unmanaged, INumber<T>
        where TOperation : IArithmetic<T>
    {
        int rows = scope.Rows;
        byte[]? validity = Validity.Of([a, b], rows);
        byte[] values = new byte[checked(rows * sizeof(T))];
        Span<T> results = MemoryMarshal.Cast<byte, T>(values.AsSpan());
        ReadOnlySpan<T> x = a.Fixed<T>();
        ReadOnlySpan<T> y = b.Fixed<T>();
        (int xMask, int yMask) = (a.Mask, b.Mask);
        for (int row = 0; row < rows; row++)
        {
            if (!Validity.IsValid(validity, row))
            {
                continue;
            }

            T left = x[row & xMask];
            T right = y[row & yMask];
            if (TOperation.Divides && right == T.Zero)
            {
                Validity.Clear(ref validity, row, rows);
            }
            else if (!TOperation.TryApply(left, right, out results[row]))
            {
                if (scope.IsActive(row))
                {
                    throw ExpressionErrors.Overflow(FormattableString.Invariant($"{left} {operation} {right} is no {type}"));
                }

                Validity.Clear(ref validity, row, rows);
            }
        }

        return Arrays.Of(SqlTypes.Arrow(type), values, validity, rows);
    }
}
