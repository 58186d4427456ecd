using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Keeps the rows that a mask marks.</summary>
internal static class FilterKernel
{
    public static RecordBatch Filter(RecordBatch source, ReadOnlySpan<bool> keep)
    {
        if (keep.Length != source.Length)
        {
            throw new ArgumentException("The mask must have a value for each row.", nameof(keep));
        }

        return InterleaveKernel.Gather(source.Schema, [source], RowRun.Of(keep));
    }
}
