using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>A range of rows without a copy; it shares the source's buffers.</summary>
internal static class SliceKernel
{
    public static RecordBatch Slice(RecordBatch source, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, source.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, source.Length - offset);
        return new RecordBatch(source.Schema, source.Arrays.Select(a => ArrowArrayFactory.BuildArray(a.Data.Slice(offset, length))), length);
    }
}
