using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary><c>pmod</c>: the rest of a division of whole numbers, made positive by the divisor.</summary>
internal readonly struct WholeModulus<T> : IArithmetic<T>
    where T : IBinaryInteger<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        T rest = y == -T.One ? T.Zero : x % y;
        result = T.IsNegative(rest) ? (rest + y) % y : rest;
        return true;
    }
}
