using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Puts arrays or batches of one type one after the other; the result is always a fresh copy.</summary>
internal static class ConcatKernel
{
    public static IArrowArray Concat(IArrowType type, IReadOnlyList<IArrowArray> arrays) =>
        ArrowArrayFactory.BuildArray(GatherKernel.Gather(type, [.. arrays.Select(a => a.Data)], RowRun.All([.. arrays.Select(a => a.Length)])));

    public static RecordBatch Concat(Schema schema, IReadOnlyList<RecordBatch> batches) =>
        InterleaveKernel.Gather(schema, batches, RowRun.All([.. batches.Select(b => b.Length)]));
}
