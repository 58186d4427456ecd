using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>The configuration that an aggregate table was built with; another one on the same table is refused.</summary>
internal static class AggregateEpoch
{
    public static JsonObject Of(AggregateLayout layout) => new()
    {
        ["groupBy"] = new JsonArray([.. layout.Groups.Select(f => (JsonNode)Describe(f))]),
        ["measures"] = new JsonArray([.. layout.Flow.Measures.Select((m, i) =>
            (JsonNode)$"{m.Into}={m.Kind}({(layout.MeasureFields[i] is { } field ? Describe(field) : "*")})")]),
    };

    public static void Check(AggregateLayout layout, FlowState? committed, string table)
    {
        if (committed is null)
        {
            return;
        }

        JsonObject now = Of(layout);
        string? problem = !string.Equals(committed.Flow, layout.Flow.Name, StringComparison.Ordinal) ? $"it is kept by flow '{committed.Flow}'"
            : JsonNode.DeepEquals(committed.Config, now) ? null
            : $"it was built with {committed.Config.ToJsonString()}, the flow has {now.ToJsonString()}";
        if (problem is not null)
        {
            throw new ConfigurationDriftException(ErrorCodes.ConfigurationDrift, $"Flow '{layout.Flow.Name}' does not fit table {table}: {problem}.")
            {
                Flow = layout.Flow.Name,
                Table = table,
            };
        }
    }

    private static string Describe(Field field) => field.Name + ":" + Merging.TypeText.Of(field.DataType);
}
