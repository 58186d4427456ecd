using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Refuses rows whose partition column holds an empty text or binary, before anything is written. The format reads such a value back as null (protocol
/// notes, section 6), so the row would not be the one its events say, and a key would never be found again.
/// </summary>
internal static class EmptyPartitionCheck
{
    public static void Check(string table, Snapshot snapshot, RecordBatch rows)
    {
        foreach (string column in snapshot.PartitionColumns)
        {
            IArrowArray array = rows.Column(rows.Schema.PositionOf(column));
            if (array is not BinaryArray values)
            {
                continue;
            }

            long empty = 0;
            for (int row = 0; row < values.Length; row++)
            {
                empty += !values.IsNull(row) && values.GetValueLength(row) == 0 ? 1 : 0;
            }

            if (empty > 0)
            {
                throw new InvalidRowsException(
                    ErrorCodes.EmptyPartitionValue,
                    $"Table {table}: {empty} rows have an empty value in partition column {column}, which the format cannot tell from null.")
                {
                    Table = table,
                    Count = empty,
                };
            }
        }
    }
}
