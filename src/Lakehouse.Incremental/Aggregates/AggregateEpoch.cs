using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>What an aggregate table was built with, input included; anything else on the same table is refused by name (semantics 2.13).</summary>
internal static class AggregateEpoch
{
    private static readonly (string Part, string Code)[] Parts =
    [
        ("groupBy", ErrorCodes.KeySchemaDrift),
        ("measures", ErrorCodes.ConfigurationDrift),
        ("input", ErrorCodes.ConfigurationDrift),
    ];

    public static JsonObject Of(AggregateLayout layout, string inputTableId) => new()
    {
        ["groupBy"] = new JsonArray([.. layout.Groups.Select(f => (JsonNode)Describe(f))]),
        ["measures"] = new JsonArray([.. layout.Flow.Measures.Select((m, i) => (JsonNode)Describe(m, layout.MeasureFields[i]))]),
        ["input"] = inputTableId,
    };

    /// <exception cref="ConfigurationDriftException">The flow, its columns or its input are others than those the table was built with.</exception>
    public static void Check(AggregateLayout layout, string inputTableId, FlowState? committed, string table)
    {
        if (committed is null)
        {
            return;
        }

        if (!string.Equals(committed.Flow, layout.Flow.Name, StringComparison.Ordinal))
        {
            throw Drift(ErrorCodes.ConfigurationDrift, $"it is kept by flow '{committed.Flow}'");
        }

        JsonObject now = Of(layout, inputTableId);
        foreach ((string part, string code) in Parts)
        {
            if (!JsonNode.DeepEquals(committed.Config[part], now[part]))
            {
                throw Drift(code, $"its {part} was {committed.Config[part]?.ToJsonString()}, that of the flow is {now[part]!.ToJsonString()}");
            }
        }

        ConfigurationDriftException Drift(string code, string what) =>
            new(code, $"Flow '{layout.Flow.Name}' does not fit table '{table}': {what}.") { Flow = layout.Flow.Name, Table = table };
    }

    private static string Describe(Field field) => field.Name + ":" + TypeText.Of(field.DataType);

    private static string Describe(Measure measure, Field? column) => $"{measure.Into}={measure.Kind}({(column is null ? "*" : Describe(column))})";
}
