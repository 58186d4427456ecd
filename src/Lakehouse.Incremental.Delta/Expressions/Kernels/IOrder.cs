namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>An order of values, known when a loop is compiled.</summary>
internal interface IOrder<T>
{
    static abstract int Compare(T x, T y);
}
