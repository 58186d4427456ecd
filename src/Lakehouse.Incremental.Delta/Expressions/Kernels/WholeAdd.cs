using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The sum of whole numbers.</summary>
internal readonly struct WholeAdd<T> : IArithmetic<T>
    where T : IBinaryInteger<T>
{
    public static bool Divides => false;

    public static bool TryApply(T x, T y, out T result)
    {
        result = unchecked(x + y);
        return !T.IsNegative((x ^ result) & (y ^ result));
    }
}
