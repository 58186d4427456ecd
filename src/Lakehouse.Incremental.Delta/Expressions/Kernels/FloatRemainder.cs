using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The rest of a division of floating point numbers; it always fits.</summary>
internal readonly struct FloatRemainder<T> : IArithmetic<T>
    where T : IFloatingPointIeee754<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        result = x % y;
        return true;
    }
}
