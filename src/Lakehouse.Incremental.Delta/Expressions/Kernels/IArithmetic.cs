namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>An operation on two numbers, known when a loop is compiled.</summary>
internal interface IArithmetic<T>
{
    /// <summary>Whether a divisor of zero makes the result null.</summary>
    static abstract bool Divides { get; }

    /// <summary>False when the result does not fit the type.</summary>
    static abstract bool TryApply(T x, T y, out T result);
}
