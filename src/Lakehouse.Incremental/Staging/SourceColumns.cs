using System.Text.Json;
using Apache.Arrow;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Staging;

/// <summary>Which columns the batches of staged events had.</summary>
internal sealed class SourceColumns
{
    private readonly HashSet<string>?[] _columns;

    private SourceColumns(HashSet<string>?[] columns) => _columns = columns;

    public static string TextOf(IEnumerable<string> columns) => JsonSerializer.Serialize(columns);

    /// <summary>Null when the events are not staged, or all of them had all of the columns.</summary>
    public static SourceColumns? Of(RecordBatch events, IReadOnlyCollection<string> wanted)
    {
        if (events.Schema.PositionOf(LineageColumns.Columns) is not (int at and >= 0) || events.Column(at) is not StringArray texts)
        {
            return null;
        }

        // Neighbours mostly come from one batch.
        HashSet<string>?[] columns = new HashSet<string>?[events.Length];
        bool all = true;
        for (int row = 0; row < columns.Length; row++)
        {
            if (row > 0 && texts.GetBytes(row).SequenceEqual(texts.GetBytes(row - 1)) && texts.IsNull(row) == texts.IsNull(row - 1))
            {
                columns[row] = columns[row - 1];
            }
            else if (!texts.IsNull(row))
            {
                columns[row] = new HashSet<string>(JsonSerializer.Deserialize<string[]>(texts.GetBytes(row)) ?? [], StringComparer.Ordinal);
                all &= columns[row]!.IsSupersetOf(wanted);
            }
        }

        return all ? null : new SourceColumns(columns);
    }

    public bool Has(int row, string column) => _columns[row]?.Contains(column) != false;
}
