using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary><c>pmod</c> of floating point numbers.</summary>
internal readonly struct FloatModulus<T> : IArithmetic<T>
    where T : IFloatingPointIeee754<T>
{
    public static bool Divides => true;

    public static bool TryApply(T x, T y, out T result)
    {
        T rest = x % y;
        result = rest < T.Zero ? (rest + y) % y : rest;
        return true;
    }
}
