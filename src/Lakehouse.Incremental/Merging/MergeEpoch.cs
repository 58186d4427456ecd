using System.Text.Json.Nodes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// The part of a flow's configuration that its table depends on, stored with the table. Another configuration on the same table is refused by name
/// (semantics 2.13): it would give rows that neither configuration explains.
/// </summary>
internal static class MergeEpoch
{
    private static readonly (string Part, string Code)[] Parts =
    [
        ("keys", ErrorCodes.KeySchemaDrift),
        ("sequence", ErrorCodes.SequencingTypeDrift),
        ("storedAs", ErrorCodes.ScdTypeDrift),
        ("tracked", ErrorCodes.TrackHistoryDrift),
        ("rules", ErrorCodes.ConfigurationDrift),
        ("history", ErrorCodes.ConfigurationDrift),
    ];

    public static JsonObject Of(MergeConfiguration flow, MergeLayout layout) => new()
    {
        ["digest"] = RowDigest.Tag,
        ["keys"] = Columns(layout, layout.Keys),
        ["sequence"] = Columns(layout, layout.Order),
        ["storedAs"] = flow.StoredAs.ToString(),
        ["tracked"] = flow.TrackOnly is { } only
            ? new JsonObject { ["on"] = Names(only) }
            : new JsonObject { ["except"] = Names(flow.TrackExcept) },
        ["rules"] = Rules(flow, layout),
        ["history"] = flow.IsHistory ? new JsonArray([.. TargetColumns.Names(flow).Select(static n => (JsonNode?)JsonValue.Create(n))]) : null,
    };

    public static void Check(MergeConfiguration flow, MergeLayout layout, FlowState? committed, string table)
    {
        if (committed is null)
        {
            return;
        }

        if (!string.Equals(committed.Flow, flow.Name, StringComparison.Ordinal))
        {
            throw Drift(ErrorCodes.ConfigurationDrift, $"it is kept by flow '{committed.Flow}'");
        }

        JsonObject now = Of(flow, layout);
        foreach ((string part, string code) in Parts)
        {
            if (!JsonNode.DeepEquals(committed.Config[part], now[part]))
            {
                throw Drift(code, Difference(part, committed.Config[part], now[part]));
            }
        }

        if (!JsonNode.DeepEquals(committed.Config["digest"], now["digest"]))
        {
            throw Drift(ErrorCodes.ConfigurationDrift, "its row digests are of another version: rebuild it");
        }

        if (committed.Columns.Where(c => layout.Data.PositionOf(c) < 0).ToArray() is { Length: > 0 } gone)
        {
            throw Drift(ErrorCodes.ConfigurationDrift, $"columns it was built with are gone ({string.Join(", ", gone)}), and what is remembered of late events needs them");
        }

        ConfigurationDriftException Drift(string code, string what) =>
            new(code, $"Flow '{flow.Name}' does not fit table {table}: {what}.") { Flow = flow.Name, Table = table };
    }

    /// <summary>The part, or, where it is made of named rules, those that differ.</summary>
    private static string Difference(string part, JsonNode? table, JsonNode? flow)
    {
        if (table is JsonObject former && flow is JsonObject now && former.Any(rule => now.ContainsKey(rule.Key)))
        {
            IEnumerable<string> rules = former.Concat(now).Select(static rule => rule.Key).Distinct(StringComparer.Ordinal);
            return string.Join("; ", rules.Where(rule => !JsonNode.DeepEquals(former[rule], now[rule])).Select(rule => Difference(rule, former[rule], now[rule])));
        }

        return $"its {part} is {Text(table)}, that of the flow is {Text(flow)}";
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "none";

    private static JsonObject Rules(MergeConfiguration flow, MergeLayout layout)
    {
        JsonObject rules = new()
        {
            ["effectiveColumns"] = flow.EffectiveAt.Count,
            ["deleteMode"] = flow.DeleteMode.ToString(),
            ["deleteWinsTies"] = flow.DeleteWinsTies,
            ["nullSafeKeys"] = flow.NullSafeKeys,
            ["untrackedScope"] = flow.UntrackedScope.ToString(),
            ["previousKeys"] = layout.KeepsLinks,
            ["ignoreNulls"] = flow.IgnoreNulls is { } ignored ? Names(ignored) : null,
            ["groups"] = new JsonArray([.. layout.Groups.Select(g => (JsonNode?)new JsonObject { ["sequence"] = Columns(layout, g.Sequence), ["columns"] = Columns(layout, g.Columns) })]),
        };

        // Tables from before the rule do not name it.
        if (flow.NullsFirst.Count > 0)
        {
            rules["nullsFirst"] = Names(flow.NullsFirst);
        }

        return rules;
    }

    private static JsonArray Columns(MergeLayout layout, int[] positions) =>
        [.. positions.Select(p => layout.Data.GetFieldByIndex(p)).Select(f => (JsonNode?)JsonValue.Create($"{f.Name}:{TypeText.Of(f.DataType)}"))];

    private static JsonArray Names(IEnumerable<string> names) =>
        [.. names.Order(StringComparer.Ordinal).Select(n => (JsonNode?)JsonValue.Create(n))];
}
