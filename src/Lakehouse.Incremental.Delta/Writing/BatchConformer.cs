using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Delta.Writing;

/// <summary>
/// Brings batches of users into the form of a table: its columns in its order, canonical types, managed memory that belongs to nobody else. All
/// batches are checked before the caller gets any, so that a bad value in the last one leaves no trace.
/// </summary>
internal static class BatchConformer
{
    /// <param name="input">Batches with any of the columns, in any order.</param>
    /// <param name="target">The columns wanted, with canonical types.</param>
    /// <param name="table">Name of the table for messages.</param>
    /// <param name="filler">Fills missing columns; null to make them null.</param>
    /// <exception cref="LakehouseException">
    /// A column is unknown or of a type that cannot be converted (<see cref="ErrorCodes.SchemaMismatch"/>).
    /// </exception>
    /// <exception cref="InvalidRowsException">
    /// Values do not fit (<see cref="ErrorCodes.LossyCast"/>, <see cref="ErrorCodes.NotNullViolation"/>).
    /// </exception>
    public static IReadOnlyList<RecordBatch> Conform(
        IReadOnlyList<RecordBatch> input, Schema target, string table, ColumnFiller? filler = null)
    {
        foreach (RecordBatch batch in input)
        {
            CheckSchema(batch.Schema, target, table);
        }

        IArrowArray[][] columns = new IArrowArray[input.Count][];
        for (int i = 0; i < input.Count; i++)
        {
            columns[i] = new IArrowArray[target.FieldsList.Count];
        }

        for (int column = 0; column < target.FieldsList.Count; column++)
        {
            ConformColumn(input, columns, target.GetFieldByIndex(column), column, table, filler);
        }

        IEnumerable<RecordBatch> batches = input.Select((batch, i) => new RecordBatch(target, columns[i], batch.Length));
        return [.. filler is null ? batches : batches.Select(filler.Generate)];
    }

    private static void CheckSchema(Schema given, Schema target, string table)
    {
        List<string> wrong = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Field field in given.FieldsList)
        {
            Field? column = target.FieldsList.FirstOrDefault(candidate => string.Equals(candidate.Name, field.Name, StringComparison.Ordinal));
            if (!seen.Add(field.Name))
            {
                wrong.Add($"the column '{field.Name}' comes twice");
            }
            else if (column is null)
            {
                Field? similar = target.FieldsList.FirstOrDefault(
                    candidate => string.Equals(candidate.Name, field.Name, StringComparison.OrdinalIgnoreCase));
                wrong.Add($"the table has no column '{field.Name}'" + (similar is null ? "" : $" (but '{similar.Name}')"));
            }
            else if (!LosslessCast.CanCast(field.DataType, column.DataType))
            {
                wrong.Add($"the column '{field.Name}' is {field.DataType.Name}, which does not convert to {column.DataType.Name}");
            }
        }

        if (wrong.Count > 0)
        {
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch, $"The rows do not fit '{table}': {string.Join("; ", wrong)}. Nothing was written.")
            {
                Table = table,
                Count = wrong.Count,
            };
        }
    }

    private static void ConformColumn(
        IReadOnlyList<RecordBatch> input, IArrowArray[][] columns, Field field, int column, string table, ColumnFiller? filler)
    {
        long lossy = 0;
        long nulls = 0;
        string? sample = null;
        for (int i = 0; i < input.Count; i++)
        {
            int at = input[i].Schema.PositionOf(field.Name);
            IArrowArray? source = at < 0 ? null : input[i].Column(at);
            if (source is null)
            {
                columns[i][column] = filler?.Fill(column, input[i].Length) ?? NullArrays.Create(field.DataType, input[i].Length);
                if (filler?.IsGenerated(column) == true)
                {
                    continue;
                }
            }
            else
            {
                // The copy goes first: the result may share memory with its source, which the caller is free to reuse.
                CastResult cast = LosslessCast.Cast(ManagedCopy.Copy(source), field.DataType);
                columns[i][column] = cast.Array;
                sample ??= cast.FailedRows > 0 ? CellText.Format(source, cast.FirstFailedRow) : null;
                lossy += cast.FailedRows;
            }

            nulls += lossy > 0 ? 0 : NullCheck.CountForbidden(columns[i][column], field);
        }

        if (lossy > 0)
        {
            throw Invalid(
                ErrorCodes.LossyCast,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lossy} values of the column '{field.Name}', the first '{sample}', do not fit {field.DataType.Name}"),
                lossy,
                table);
        }

        if (nulls > 0)
        {
            throw Invalid(
                ErrorCodes.NotNullViolation,
                string.Create(CultureInfo.InvariantCulture, $"the column '{field.Name}' must not hold nulls, but has {nulls}"),
                nulls,
                table);
        }
    }

    private static InvalidRowsException Invalid(string code, string what, long count, string table) =>
        new(code, $"The rows do not fit '{table}': {what}. Nothing was written.") { Table = table, Count = count };
}
