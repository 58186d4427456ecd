using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The quotient of floating point numbers; it always fits.</summary>
internal readonly struct FloatDivide<T> : IArithmetic<T>
    where T : IFloatingPointIeee754<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        result = x / y;
        return true;
    }
}
