using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Arrow arrays without nulls, made cell by cell.</summary>
internal static class Cell
{
    public static IArrowArray Int64(int rows, Func<int, long> cell) =>
        ArrowArrayFactory.BuildArray(new ArrayData(Int64Type.Default, rows, 0, 0, [ArrowBuffer.Empty, Fixed(rows, cell)]));

    public static IArrowArray Int32(int rows, Func<int, int> cell) =>
        ArrowArrayFactory.BuildArray(new ArrayData(Int32Type.Default, rows, 0, 0, [ArrowBuffer.Empty, Fixed(rows, cell)]));

    public static IArrowArray Date(int rows, Func<int, int> daysSince1970) =>
        ArrowArrayFactory.BuildArray(new ArrayData(Date32Type.Default, rows, 0, 0, [ArrowBuffer.Empty, Fixed(rows, daysSince1970)]));

    /// <param name="rows">How many.</param>
    /// <param name="type">Precision and scale.</param>
    /// <param name="unscaled">The value times ten to the scale.</param>
    public static IArrowArray Decimal(int rows, Decimal128Type type, Func<int, long> unscaled) =>
        ArrowArrayFactory.BuildArray(new ArrayData(type, rows, 0, 0, [ArrowBuffer.Empty, Fixed(rows, i => (Int128)unscaled(i))]));

    /// <param name="rows">How many.</param>
    /// <param name="utf8">The text of a row.</param>
    public static IArrowArray Text(int rows, Func<int, byte[]> utf8)
    {
        int[] offsets = new int[rows + 1];
        byte[][] texts = new byte[rows][];
        for (int row = 0; row < rows; row++)
        {
            texts[row] = utf8(row);
            offsets[row + 1] = offsets[row] + texts[row].Length;
        }

        byte[] bytes = new byte[offsets[rows]];
        for (int row = 0; row < rows; row++)
        {
            texts[row].CopyTo(bytes, offsets[row]);
        }

        ArrowBuffer places = new(MemoryMarshal.AsBytes<int>(offsets).ToArray());
        return ArrowArrayFactory.BuildArray(new ArrayData(StringType.Default, rows, 0, 0, [ArrowBuffer.Empty, places, new ArrowBuffer(bytes)]));
    }

    private static ArrowBuffer Fixed<T>(int rows, Func<int, T> cell)
        where T : unmanaged
    {
        T[] cells = new T[rows];
        for (int row = 0; row < rows; row++)
        {
            cells[row] = cell(row);
        }

        return new ArrowBuffer(MemoryMarshal.AsBytes<T>(cells).ToArray());
    }
}
