using System.Buffers;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Statistics;

/// <summary>Computes the statistics of a data file from its rows (protocol notes, section 8).</summary>
internal static class StatisticsCollector
{
    /// <summary>The statistics text for rows of the data columns (no partition columns), under the physical names of the columns.</summary>
    public static string Collect(IReadOnlyList<RecordBatch> batches, Schema schema, Snapshot table)
    {
        // Columns that only keep the identity of rows come last and have no statistics.
        Schema columns = new([.. schema.FieldsList.TakeWhile(field => table.Schema.PositionOf(field.Name) >= 0)], null);
        return Collect(batches, table.Mapping.ToPhysical(columns), IndexedColumns.Of(table, columns));
    }

    /// <param name="batches">The rows.</param>
    /// <param name="schema">Their columns, under the names that the statistics give them.</param>
    /// <param name="indexed">The columns that statistics are kept for.</param>
    public static string Collect(IReadOnlyList<RecordBatch> batches, Schema schema, IndexedColumns indexed)
    {
        List<ColumnStatistics> columns = [];
        for (int i = 0; i < schema.FieldsList.Count; i++)
        {
            int position = i;
            ArrayData[] data = [.. batches.Select(b => b.Column(position).Data)];
            if (ColumnStatistics.Of(schema.GetFieldByIndex(i), data, null, indexed, "") is { } column)
            {
                columns.Add(column);
            }
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("numRecords"u8, batches.Sum(b => (long)b.Length));
            Write(writer, "minValues", columns, c => c.Min is not null, (w, c) => c.WriteMin(w));
            Write(writer, "maxValues", columns, c => c.Max is not null, (w, c) => c.WriteMax(w));
            Write(writer, "nullCount", columns, _ => true, (w, c) => w.WriteNumberValue(c.NullCount));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(
        Utf8JsonWriter writer, string name, IReadOnlyList<ColumnStatistics> columns, Func<ColumnStatistics, bool> has, Action<Utf8JsonWriter, ColumnStatistics> value)
    {
        writer.WriteStartObject(name);
        foreach (ColumnStatistics column in columns)
        {
            if (column.Children is { } children)
            {
                Write(writer, column.Name, children, has, value);
            }
            else if (has(column))
            {
                writer.WritePropertyName(column.Name);
                value(writer, column);
            }
        }

        writer.WriteEndObject();
    }
}
