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
    public static string Collect(IReadOnlyList<RecordBatch> batches, Schema schema, Snapshot table) =>
        Collect(batches, OfTable(schema, table), table.TableProperties, table.Mapping.ToPhysical(OfTable(schema, table)));

    // Columns that only keep the identity of rows come last and have no statistics.
    private static Schema OfTable(Schema schema, Snapshot table) =>
        new([.. schema.FieldsList.TakeWhile(field => table.Schema.PositionOf(field.Name) >= 0)], null);

    /// <param name="batches">The rows.</param>
    /// <param name="schema">Their columns.</param>
    /// <param name="properties">Say of which columns statistics are kept.</param>
    /// <param name="physical">The same columns under the names the statistics give them; null for their own.</param>
    public static string Collect(IReadOnlyList<RecordBatch> batches, Schema schema, TableProperties properties, Schema? physical = null)
    {
        HashSet<string>? named = properties.DataSkippingStatsColumns is { } list
            ? new HashSet<string>(Names(list), StringComparer.OrdinalIgnoreCase)
            : null;
        int budget = named is not null || properties.DataSkippingNumIndexedCols < 0 ? int.MaxValue : properties.DataSkippingNumIndexedCols;
        List<ColumnStatistics> columns = [];
        for (int i = 0; i < schema.FieldsList.Count; i++)
        {
            Field field = schema.GetFieldByIndex(i);
            int position = i;
            ArrayData[] data = [.. batches.Select(b => b.Column(position).Data)];
            ColumnStatistics? column = VariantSchema.Marks(field) ? null : ColumnStatistics.Of(
                field, (physical ?? schema).GetFieldByIndex(i), data, null, named, properties.DataSkippingStringPrefixLength, ref budget);
            if (column is not null)
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

    /// <summary>Names in back quotes are those names; columns are told apart without regard to case.</summary>
    private static IEnumerable<string> Names(string list) => list
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(static name => name.Replace("`", "", StringComparison.Ordinal));

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
