using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Copies arrays into managed memory, offset 0. A span over managed memory keeps it alive; over native memory it does not (the array may be finalised
/// while the span is in use), so nothing native goes beyond the reader that imported it.
/// </summary>
internal static class ManagedCopy
{
    /// <summary>
    /// A copy with offset 0 and no bytes of rows outside of a slice. Arrays of types that are not canonical are copied buffer by buffer.
    /// </summary>
    public static IArrowArray Copy(IArrowArray source)
    {
        ArrayData copy = ArrowLayouts.IsCanonical(source.Data.DataType)
            ? GatherKernel.Gather(source.Data.DataType, [source.Data], RowRun.All([source.Length]))
            : Verbatim(source.Data);
        GC.KeepAlive(source);
        return ArrowArrayFactory.BuildArray(copy);
    }

    public static RecordBatch Copy(RecordBatch source) => new(source.Schema, source.Arrays.Select(Copy), source.Length);

    /// <summary>True when all buffers are managed arrays, so that they live as long as anything refers to them.</summary>
    public static bool IsManaged(ArrayData data)
    {
        foreach (ArrowBuffer buffer in data.Buffers)
        {
            if (!buffer.IsEmpty && !MemoryMarshal.TryGetArray(buffer.Memory, out _))
            {
                return false;
            }
        }

        return (data.Children is null || System.Array.TrueForAll(data.Children, IsManaged))
            && (data.Dictionary is null || IsManaged(data.Dictionary));
    }

    private static ArrayData Verbatim(ArrayData data) => new(
        data.DataType,
        data.Length,
        data.NullCount,
        data.Offset,
        System.Array.ConvertAll(data.Buffers, buffer => buffer.IsEmpty ? ArrowBuffer.Empty : new ArrowBuffer(buffer.Span.ToArray())),
        data.Children is null ? [] : System.Array.ConvertAll(data.Children, Verbatim),
        data.Dictionary is null ? null : Verbatim(data.Dictionary));
}
