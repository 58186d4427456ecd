using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>Puts the values of columns that the target does not have, as a JSON object of texts, into one column (semantics 2.13); null where there is none.</summary>
internal static class RescuedData
{
    public static RecordBatch Rescue(MergeConfiguration flow, MergeLayout layout, RecordBatch events)
    {
        string[] unknown = [.. EventColumns.Unknown(flow, layout.Data, events.Schema).Order(StringComparer.Ordinal)];
        if (flow.SchemaPolicy != SchemaPolicy.Rescue || unknown.Length == 0)
        {
            return events;
        }

        if (events.Schema.PositionOf(TargetColumns.Rescued) >= 0)
        {
            throw new LakehouseException(
                ErrorCodes.ReservedColumn, $"Flow '{flow.Name}': the events have a column {TargetColumns.Rescued} already, so there is no place for their columns {string.Join(", ", unknown)}.")
            {
                Flow = flow.Name,
            };
        }

        int[] positions = [.. unknown.Select(events.Schema.PositionOf)];
        StringArray.Builder texts = new();
        for (int row = 0; row < events.Length; row++)
        {
            JsonObject rescued = new(positions.Where(p => !events.Column(p).IsNull(row)).Select(p =>
                KeyValuePair.Create(events.Schema.GetFieldByIndex(p).Name, (JsonNode?)JsonValue.Create(CellText.Format(events.Column(p), row)))));
            _ = rescued.Count == 0 ? texts.AppendNull() : texts.Append(rescued.ToJsonString());
        }

        int[] kept = [.. Enumerable.Range(0, events.ColumnCount).Except(positions)];
        Field field = new(TargetColumns.Rescued, StringType.Default, nullable: true);
        return new RecordBatch(
            new Schema([.. kept.Select(events.Schema.GetFieldByIndex), field], null), [.. kept.Select(events.Column), ManagedCopy.Copy(texts.Build())], events.Length);
    }
}
