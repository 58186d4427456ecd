using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// Brings event batches into the form of the engines: the target's data columns in its types, the operation of each row. What cannot be
/// represented without loss, or lacks a key or a place in the order, is refused before anything is written, or set apart where the flow has a quarantine.
/// </summary>
internal static class ChangeNormalizer
{
    public static NormalizedEvents Normalize(MergeConfiguration flow, MergeLayout layout, string table, IReadOnlyList<RecordBatch> events, string batchName)
    {
        List<RecordBatch> projected = [];
        List<bool[]> deletes = [];
        List<RejectedEvents> rejected = [];
        foreach (RecordBatch batch in events)
        {
            CheckColumns(flow, layout, table, batch.Schema);
            bool[] isDelete = flow.DeleteWhen is { } condition ? FilterEvaluator.Evaluate(condition, batch) : new bool[batch.Length];
            InvalidEvents? invalid = flow.Quarantine is null ? null : new InvalidEvents(batch.Length);
            RecordBatch data = Project(flow, layout, table, batch, batchName, invalid);
            invalid?.AddNameless(layout, data);
            if (invalid is { Count: > 0 })
            {
                bool[] valid = invalid.Valid;
                rejected.Add(invalid.Of(batch));
                data = FilterKernel.Filter(data, valid);
                isDelete = [.. isDelete.Where((_, row) => valid[row])];
            }

            deletes.Add(isDelete);
            projected.Add(data);
        }

        RecordBatch rows = ConcatKernel.Concat(layout.Data, projected);
        Reject(flow, table, layout, rows, layout.Keys, IsNull, ErrorCodes.NullKey, "have a null in key column", batchName);
        Reject(flow, table, layout, rows, layout.Sequence, IsNull, ErrorCodes.NullSequence, "have a null in sequence column", batchName);
        Reject(flow, table, layout, rows, layout.Sequence, InvalidEvents.IsNaN, ErrorCodes.NonOrderableSequence, "have NaN in sequence column", batchName);
        return new NormalizedEvents(new ChangeBatch(rows, [.. deletes.SelectMany(d => d)], layout.Keys, layout.Sequence), rejected);
    }

    private static void CheckColumns(MergeConfiguration flow, MergeLayout layout, string table, Schema events)
    {
        string[] missing = [.. layout.Data.FieldsList.Select(f => f.Name).Where(n => events.PositionOf(n) < 0)];
        IReadOnlyList<string> condition = flow.DeleteWhen?.Columns ?? [];
        string[] unknown = [.. events.FieldsList.Select(f => f.Name).Where(n =>
            layout.Data.PositionOf(n) < 0 && !LineageColumns.IsLineage(n)
            && !flow.ExceptColumns.Contains(n, StringComparer.Ordinal) && !condition.Contains(n, StringComparer.Ordinal))];
        if (missing.Length > 0 || unknown.Length > 0)
        {
            string text = string.Join("; ", new[]
            {
                missing.Length > 0 ? "missing from the events: " + string.Join(", ", missing) : "",
                unknown.Length > 0 ? "not in the table: " + string.Join(", ", unknown) : "",
            }.Where(t => t.Length > 0));
            throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}', table {table}: the columns of the events do not fit ({text}).")
            {
                Flow = flow.Name,
                Table = table,
            };
        }
    }

    private static RecordBatch Project(
        MergeConfiguration flow, MergeLayout layout, string table, RecordBatch batch, string batchName, InvalidEvents? invalid)
    {
        List<IArrowArray> columns = [];
        foreach (Field field in layout.Data.FieldsList)
        {
            IArrowArray source = batch.Column(batch.Schema.PositionOf(field.Name));
            if (!LosslessCast.CanCast(source.Data.DataType, field.DataType))
            {
                throw new LakehouseException(
                    ErrorCodes.SchemaMismatch,
                    $"Flow '{flow.Name}', table {table}: column {field.Name} of the events is {source.Data.DataType.Name}, which does not convert to {field.DataType.Name}.")
                {
                    Flow = flow.Name,
                    Table = table,
                };
            }

            CastResult cast = LosslessCast.Cast(source, field.DataType);
            invalid?.AddLossy(cast.Failed, field.Name);
            if (cast.FailedRows > 0 && invalid is null)
            {
                throw new InvalidRowsException(
                    ErrorCodes.LossyCast,
                    $"Flow '{flow.Name}', table {table}, batch {batchName}: {cast.FailedRows} values of column {field.Name} do not fit {field.DataType.Name} without loss.")
                {
                    Flow = flow.Name,
                    Table = table,
                    Batch = batchName,
                    Count = cast.FailedRows,
                    SampleKeys = Samples(layout, batch, cast.FirstFailedRow),
                };
            }

            columns.Add(cast.Array);
        }

        return new RecordBatch(layout.Data, columns, batch.Length);
    }

    private static IReadOnlyList<string> Samples(MergeLayout layout, RecordBatch batch, int row) =>
        [KeyText.Of(batch, [.. layout.Keys.Select(k => batch.Schema.PositionOf(layout.Data.GetFieldByIndex(k).Name))], row)];

    private static void Reject(
        MergeConfiguration flow, string table, MergeLayout layout, RecordBatch rows, int[] columns, Func<IArrowArray, int, bool> isBad, string code, string what, string batchName)
    {
        foreach (int column in columns)
        {
            IArrowArray array = rows.Column(column);
            if (isBad == IsNull && array.NullCount == 0)
            {
                continue;
            }

            int[] bad = [.. Enumerable.Range(0, rows.Length).Where(row => isBad(array, row))];
            if (bad.Length > 0)
            {
                string name = layout.Data.GetFieldByIndex(column).Name;
                throw new InvalidRowsException(code, $"Flow '{flow.Name}', table {table}, batch {batchName}: {bad.Length} of {rows.Length} events {what} {name}.")
                {
                    Flow = flow.Name,
                    Table = table,
                    Batch = batchName,
                    Count = bad.Length,
                    SampleKeys = KeyText.Samples(rows, layout.Keys, bad),
                };
            }
        }
    }

    private static bool IsNull(IArrowArray array, int row) => array.IsNull(row);
}
