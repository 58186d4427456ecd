using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// The changes of type that a column may have gone through since a file was written (protocol notes, section 13, typeWidening) and that no ordinary
/// conversion of rows does, because they cross families: whole numbers to double, dates to timestamps without zone.
/// </summary>
internal static class TypeWideningCast
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>The widened values; the same data where the type did not change in one of these ways.</summary>
    public static ArrayData Widen(ArrayData data, IArrowType wanted) => (data.DataType, wanted) switch
    {
        (Int8Type, DoubleType) => Convert<sbyte, double>(data, wanted, static value => value),
        (Int16Type, DoubleType) => Convert<short, double>(data, wanted, static value => value),
        (Int32Type, DoubleType) => Convert<int, double>(data, wanted, static value => value),
        (Date32Type, TimestampType { Timezone: null }) => Convert<int, long>(data, wanted, static days => days * MicrosPerDay),
        _ => data,
    };

    private static ArrayData Convert<TFrom, TTo>(ArrayData data, IArrowType wanted, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(data.Buffers[1].Span).Slice(data.Offset, data.Length);
        CastColumn<TTo> column = new(data);
        Span<TTo> to = column.Values;
        for (int row = 0; row < to.Length; row++)
        {
            to[row] = convert(from[row]);
        }

        GC.KeepAlive(data);
        return column.Build(wanted).Array.Data;
    }
}
