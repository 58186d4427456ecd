using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Floating-point numbers to wider ones, which is always exact.</summary>
internal static class FloatCast
{
    public static CastResult Cast(ArrayData source, IArrowType target) => (source.DataType, target) switch
    {
        (HalfFloatType, FloatType) => Cast<Half, float>(source, target),
        (HalfFloatType, _) => Cast<Half, double>(source, target),
        _ => Cast<float, double>(source, target),
    };

    private static CastResult Cast<TFrom, TTo>(ArrayData source, IArrowType target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        CastColumn<TTo> result = new(source);
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(source.Buffers[1].Span)[source.Offset..];
        Span<TTo> to = result.Values;
        for (int row = 0; row < to.Length; row++)
        {
            to[row] = TTo.CreateTruncating(from[row]);
        }

        return result.Build(target);
    }
}
