using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Writing;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The source of a merge in canonical types; a row's number is its ordinal over all batches.</summary>
internal sealed record MergeSource(StructType Schema, RecordBatch Rows)
{
    /// <exception cref="Delta.LakehouseException">A batch has other columns than the first one, or a column comes twice.</exception>
    public static MergeSource Of(IReadOnlyList<RecordBatch> batches, string table)
    {
        // What a source forbids or notes about its columns is no business of the table, which may get some of them.
        StructType schema = PlainType.Of(ArrowSchemas.ToDelta(batches[0].Schema));
        Schema arrow = ArrowSchemas.ToArrow(schema);
        IReadOnlyList<RecordBatch> rows = BatchConformer.Conform(batches, arrow, $"the source of the merge into {table}");
        return new MergeSource(schema, rows.Count == 1 ? rows[0] : ConcatKernel.Concat(arrow, rows));
    }
}
