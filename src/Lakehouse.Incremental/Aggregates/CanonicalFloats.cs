using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// Published floating-point values in one form each: equal values of different bits (the zeros, the NaNs) are one value to an aggregate, and which of
/// them came first must not show.
/// </summary>
internal static class CanonicalFloats
{
    public static IArrowArray Apply(IArrowArray array)
    {
        ArrayData data = array.Data;
        if (data.DataType is not (FloatType or DoubleType))
        {
            return array;
        }

        byte[] values = data.Buffers[1].Span.ToArray();
        if (data.DataType is DoubleType)
        {
            foreach (ref double value in MemoryMarshal.Cast<byte, double>(values.AsSpan()))
            {
                value = double.IsNaN(value) ? double.NaN : value == 0 ? 0 : value;
            }
        }
        else
        {
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(values.AsSpan()))
            {
                value = float.IsNaN(value) ? float.NaN : value == 0 ? 0 : value;
            }
        }

        return ArrowArrayFactory.BuildArray(
            new ArrayData(data.DataType, data.Length, data.NullCount, data.Offset, [data.Buffers[0], new ArrowBuffer(values)], []));
    }
}
