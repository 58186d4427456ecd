using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Picks rows out of several arrays or batches in any order.</summary>
internal static class InterleaveKernel
{
    /// <summary>The given rows; <see cref="RowRef.Null"/> gives a null.</summary>
    public static IArrowArray Interleave(IArrowType type, IReadOnlyList<IArrowArray> sources, ReadOnlySpan<RowRef> rows) =>
        ArrowArrayFactory.BuildArray(GatherKernel.Gather(type, [.. sources.Select(s => s.Data)], RowRun.Of(rows)));

    /// <summary>The given rows; the sources have the columns of <paramref name="schema"/> by position.</summary>
    public static RecordBatch Interleave(Schema schema, IReadOnlyList<RecordBatch> sources, ReadOnlySpan<RowRef> rows) =>
        Gather(schema, sources, RowRun.Of(rows));

    internal static RecordBatch Gather(Schema schema, IReadOnlyList<RecordBatch> sources, ReadOnlySpan<RowRun> runs)
    {
        IArrowArray[] columns = new IArrowArray[schema.FieldsList.Count];
        for (int column = 0; column < columns.Length; column++)
        {
            ArrayData[] data = new ArrayData[sources.Count];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = sources[i].Column(column).Data;
            }

            columns[column] = ArrowArrayFactory.BuildArray(GatherKernel.Gather(schema.GetFieldByIndex(column).DataType, data, runs));
        }

        return new RecordBatch(schema, columns, RowRun.Rows(runs));
    }
}
