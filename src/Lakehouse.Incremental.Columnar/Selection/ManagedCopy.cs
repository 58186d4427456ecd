using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Copies arrays into managed memory, offset 0. A span over managed memory keeps it alive; over native memory it does not (the array may be finalised
/// while the span is in use), so nothing native goes beyond the reader that imported it.
/// </summary>
internal static class ManagedCopy
{
    public static IArrowArray Copy(IArrowArray source) =>
        ArrowArrayFactory.BuildArray(GatherKernel.Gather(source.Data.DataType, [source.Data], RowRun.All([source.Length])));

    public static RecordBatch Copy(RecordBatch source) => InterleaveKernel.Gather(source.Schema, [source], RowRun.All([source.Length]));
}
