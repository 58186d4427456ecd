using System.Text.Json;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// The files that a domain names. Engines keep files that belong to a version below one directory; this floor does not know their form, only that any
/// text in a domain that begins with the directory is a path.
/// </summary>
internal static class StatePaths
{
    public const string Directory = "_incremental/";

    /// <returns>The paths, and whether all could be told; those of a text that is no JSON cannot.</returns>
    public static (IReadOnlyList<string> Paths, bool AllKnown) In(string configuration)
    {
        List<string> paths = [];
        if (!configuration.Contains(Directory[..^1], StringComparison.Ordinal))
        {
            return (paths, true);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(configuration);
            Collect(document.RootElement, paths);
            return (paths, true);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // Broken JSON, or text in it that is no valid Unicode.
            return (paths, false);
        }
    }

    private static void Collect(JsonElement element, List<string> paths)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when element.GetString() is { } text && text.StartsWith(Directory, StringComparison.Ordinal):
                paths.Add(text);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    Collect(member.Value, paths);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Collect(item, paths);
                }

                break;
            default:
                break;
        }
    }
}
