using System.Numerics;

namespace Lakehouse.Incremental.Delta.Expressions.Kernels;

/// <summary>The product of whole numbers of up to 64 bits.</summary>
internal readonly struct WholeMultiply<T> : IArithmetic<T>
    where T : IBinaryInteger<T>
{
    public static bool Divides => false;

    public static bool TryApply(T x, T y, out T result)
    {
        Int128 product = Int128.CreateTruncating(x) * Int128.CreateTruncating(y);
        result = T.CreateTruncating(product);
        return Int128.CreateTruncating(result) == product;
    }
}
