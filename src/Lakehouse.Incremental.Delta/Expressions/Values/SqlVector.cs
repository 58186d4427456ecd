using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>The values of a part of an expression: one a row, or a single one that stands for all rows.</summary>
internal readonly record struct SqlVector(IArrowArray Array, bool IsConstant)
{
    /// <summary>A row is at its number and this; so a loop needs no branch for constants.</summary>
    public int Mask => IsConstant ? 0 : -1;

    public ArrayData Data => Array.Data;

    /// <summary>Values of fixed width; those of null rows mean nothing.</summary>
    public ReadOnlySpan<T> Fixed<T>()
        where T : unmanaged => Array.Length == 0 ? [] : MemoryMarshal.Cast<byte, T>(Data.Buffers[1].Span).Slice(Array.Offset, Array.Length);

    /// <summary>Where texts or binaries begin and end in their bytes.</summary>
    public ReadOnlySpan<int> Offsets => Array.Length == 0
        ? [0]
        : MemoryMarshal.Cast<byte, int>(Data.Buffers[1].Span).Slice(Array.Offset, Array.Length + 1);

    public ReadOnlySpan<byte> Bytes => Data.Buffers[2].Span;

    public bool HasNulls => Data.DataType is Apache.Arrow.Types.NullType || GatherKernel.HasValidity(Data);

    public bool IsNull(int row) => GatherKernel.IsNull(Data, row & Mask);

    /// <summary>A boolean value of a row that is not null.</summary>
    public bool Bit(int row) => Bitmaps.Get(Data.Buffers[1].Span, Array.Offset + (row & Mask));

    /// <summary>True where the value is true, and only there.</summary>
    public bool IsTrue(int row) => !IsNull(row) && Bit(row);
}
