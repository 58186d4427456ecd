using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>The columns a table is clustered by, as its domain <c>delta.clustering</c> tells (protocol notes, section 13).</summary>
internal static class ClusteringColumns
{
    private const string Domain = "delta.clustering";

    /// <summary>
    /// Physical names, one list of path parts a column. The domain is another engine's, so what cannot be understood of it names no column.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(Snapshot snapshot)
    {
        if (snapshot.Domain(Domain) is not { } configuration)
        {
            return [];
        }

        try
        {
            // Each column is a list of path parts or, as in an example of the protocol, a text alone.
            return (JsonNode.Parse(configuration) as JsonObject)?["clusteringColumns"] is JsonArray columns
                ? [.. columns.Select(static column => column is JsonArray parts ? (IReadOnlyList<string>)[.. parts.Select(Text)] : [Text(column)])]
                : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return [];
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
