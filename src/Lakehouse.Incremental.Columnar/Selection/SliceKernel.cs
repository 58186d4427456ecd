using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>A range of rows that stays valid when the source is disposed: it shares managed buffers and copies native ones.</summary>
internal static class SliceKernel
{
    public static RecordBatch Slice(RecordBatch source, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, source.Length - offset);
        return new RecordBatch(source.Schema, source.Arrays.Select(array => Slice(array, offset, length)), length);
    }

    private static IArrowArray Slice(IArrowArray source, int offset, int length)
    {
        IArrowArray slice = ArrowArrayFactory.BuildArray(source.Data.Slice(offset, length));
        return ManagedCopy.IsManaged(source.Data) ? slice : ManagedCopy.Copy(slice);
    }
}
