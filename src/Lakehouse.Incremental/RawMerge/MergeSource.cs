using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Writing;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The source of a merge in canonical types; a row's number is its ordinal over all batches.</summary>
internal sealed record MergeSource(StructType Schema, RecordBatch Rows)
{
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: names that differ by case only, or a batch whose columns are not those of the first one.
    /// </exception>
    public static MergeSource Of(IReadOnlyList<RecordBatch> batches, string table)
    {
        CheckColumns(batches, table);

        // What a source forbids or notes about its columns is no business of the table, which may get some of them.
        StructType schema = PlainType.Of(ArrowSchemas.ToDelta(batches[0].Schema));
        Schema arrow = ArrowSchemas.ToArrow(schema);
        if (batches is [var one] && IsCanonical(one, arrow))
        {
            return new MergeSource(schema, new RecordBatch(arrow, one.Arrays, one.Length));
        }

        IReadOnlyList<RecordBatch> rows = BatchConformer.Conform(batches, arrow, table);
        return new MergeSource(schema, rows.Count == 1 ? rows[0] : ConcatKernel.Concat(arrow, rows));
    }

    // Managed memory of such types is read as it is: the caller gets it back when the merge is done, and what is written is a copy.
    private static bool IsCanonical(RecordBatch batch, Schema canonical) => batch.Arrays.Select((array, column) =>
        array.Data.DataType is not NestedType && ReferenceEquals(array.Data.DataType.GetType(), canonical.GetFieldByIndex(column).DataType.GetType())
        && ArrowLayouts.IsCanonical(array.Data.DataType) && ArrowLayouts.Same(array.Data.DataType, canonical.GetFieldByIndex(column).DataType)
        && ManagedCopy.IsManaged(array.Data)).All(static isSo => isSo);

    // A column that only some batches have would be null in the rows of the others, and not kept.
    private static void CheckColumns(IReadOnlyList<RecordBatch> batches, string table)
    {
        string[] columns = Names(batches[0]);
        if (columns.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static same => same.Skip(1).Any()) is { } twice)
        {
            throw Mismatch($"has the columns {Quoted(twice)}, which are one to a table", table);
        }

        for (int i = 1; i < batches.Count; i++)
        {
            string[] others = Names(batches[i]);
            string[] differing = [.. columns.Except(others, StringComparer.Ordinal), .. others.Except(columns, StringComparer.Ordinal)];
            if (differing.Length > 0)
            {
                throw Mismatch(
                    string.Create(CultureInfo.InvariantCulture, $"has the columns {Quoted(differing)} in one of the batches 0 and {i} only"), table);
            }
        }
    }

    private static string[] Names(RecordBatch batch) => [.. batch.Schema.FieldsList.Select(static field => field.Name)];

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(static name => $"'{name}'"));

    private static LakehouseException Mismatch(string what, string table) => new(
        ErrorCodes.SchemaMismatch, $"The source of the merge into '{table}' {what}. Nothing was written.")
    {
        Table = table,
    };
}
