using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Picks rows of one array or batch by position; -1 gives a null.</summary>
internal static class TakeKernel
{
    public static IArrowArray Take(IArrowArray source, ReadOnlySpan<int> rows) =>
        ArrowArrayFactory.BuildArray(GatherKernel.Gather(source.Data.DataType, [source.Data], RowRun.Of(rows)));

    public static RecordBatch Take(RecordBatch source, ReadOnlySpan<int> rows) => InterleaveKernel.Gather(source.Schema, [source], RowRun.Of(rows));
}
