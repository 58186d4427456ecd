using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Statistics;

/// <summary>The statistics text of an <c>add</c> action. Text that cannot be read is no statistics, which is legal.</summary>
internal static class StatisticsJson
{
    // A name that is there twice would otherwise be found out only when it is asked for.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The parsed text; null when there is none.</summary>
    public static JsonObject? Parse(string? stats)
    {
        if (string.IsNullOrEmpty(stats))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(stats, null, Strict) as JsonObject;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Physical rows of the file, deleted ones included; null when the statistics do not tell.</summary>
    public static long? NumRecords(string? stats) => Number(Parse(stats)?["numRecords"]);

    public static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>The statistics of a file that gets a deletion vector: bounds still hold but need not be met (protocol notes, section 8).</summary>
    public static string WithWideBounds(string? stats, long physicalRows)
    {
        JsonObject root = Parse(stats) ?? [];
        root["numRecords"] = physicalRows;
        root["tightBounds"] = false;
        return root.ToJsonString();
    }
}
