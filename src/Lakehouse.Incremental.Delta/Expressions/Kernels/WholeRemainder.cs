using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The rest of a division of whole numbers, with the sign of the dividend.</summary>
internal readonly struct WholeRemainder<T> : IArithmetic<T>
    where T : IBinaryInteger<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        result = y == -T.One ? T.Zero : x % y;
        return true;
    }
}
