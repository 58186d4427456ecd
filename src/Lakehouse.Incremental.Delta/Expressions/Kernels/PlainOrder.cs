using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>Whole numbers, dates and times.</summary>
internal readonly struct PlainOrder<T> : IOrder<T>
    where T : IComparisonOperators<T, T, bool>
{
    public static int Compare(T x, T y) => (x > y ? 1 : 0) - (x < y ? 1 : 0);
}
