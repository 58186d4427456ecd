using Apache.Arrow;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>NOT NULL columns of a table hold no nulls: checked before anything is written.</summary>
internal static class NotNullCheck
{
    public static void Check(string table, Schema schema, IReadOnlyList<RecordBatch> batches)
    {
        for (int column = 0; column < schema.FieldsList.Count; column++)
        {
            Field field = schema.GetFieldByIndex(column);
            int position = column;
            long nulls = batches.Sum(b => NullCheck.CountForbidden(b.Column(position), field));
            if (nulls > 0)
            {
                throw new InvalidRowsException(ErrorCodes.NotNullViolation,
                    $"Table {table}: {nulls} values of column {field.Name} are null where it is NOT NULL.")
                {
                    Table = table,
                    Count = nulls,
                };
            }
        }
    }
}
