using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The quotient of whole numbers without its fraction.</summary>
internal readonly struct WholeDivide<T> : IArithmetic<T>
    where T : IBinaryInteger<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        // Only the least number has no opposite.
        result = y == -T.One ? unchecked(-x) : x / y;
        return y != -T.One || x == T.Zero || result != x;
    }
}
