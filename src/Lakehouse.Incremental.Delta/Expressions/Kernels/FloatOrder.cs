using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>Floating point as Spark orders it: NaN equals itself and is greater than all; the zeros are equal.</summary>
internal readonly struct FloatOrder<T> : IOrder<T>
    where T : IFloatingPointIeee754<T>
{
    public static int Compare(T x, T y) => x < y ? -1 : x > y ? 1 : x == y ? 0 : (T.IsNaN(x) ? 1 : 0) - (T.IsNaN(y) ? 1 : 0);
}
