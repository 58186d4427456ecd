using Apache.Arrow;
using Lakehouse.Incremental.Delta.Writing;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>What must not be null in a table, nested fields included, is not: checked before anything is written.</summary>
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
                throw new InvalidRowsException(ErrorCodes.NotNullViolation, $"Table {table}: column {field.Name} has {nulls} nulls where the table allows none.")
                {
                    Table = table,
                    Count = nulls,
                };
            }
        }
    }
}
