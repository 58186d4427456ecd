using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.State;

/// <summary>
/// What a flow commits with its rows, as the configuration of a <c>domainMetadata</c> action: who it is, what its table was built with, and which
/// files hold its state. It becomes current together with the rows of the same commit, or not at all (semantics 2.6).
/// </summary>
internal sealed record FlowState
{
    /// <summary>The domain's name.</summary>
    public const string Domain = "lakehouse.incremental";

    /// <summary>The directory of state files in a table.</summary>
    public const string Directory = "_incremental/state";

    private const int Format = 2;

    public required string Flow { get; init; }

    /// <summary>The configuration epoch.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>Files by set, oldest first: newer records win.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<StateFile>> Sets { get; init; }

    /// <summary>The data columns of the table when the flow first wrote it; those it has besides came later. Empty where that does not matter.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Reads the configuration of the domain; null when there is none.</summary>
    /// <exception cref="CorruptTableException">It is malformed.</exception>
    /// <exception cref="UnsupportedFeatureException">Another version of the library wrote it.</exception>
    public static FlowState? Parse(string? configuration)
    {
        if (configuration is null)
        {
            return null;
        }

        try
        {
            JsonObject root = JsonNode.Parse(configuration)!.AsObject();
            if (root["format"]!.GetValue<int>() != Format)
            {
                throw new UnsupportedFeatureException(
                    ErrorCodes.UnsupportedFeature,
                    FormattableString.Invariant(
                        $"The state of flow '{root["flow"]}' has format {root["format"]}; this version of the library knows format {Format} only."));
            }

            return new FlowState
            {
                Flow = root["flow"]!.GetValue<string>(),
                Config = root["config"]!.AsObject(),
                Columns = [.. root["columns"]!.AsArray().Select(static c => c!.GetValue<string>())],
                Sets = root["sets"]!.AsObject().ToDictionary(
                    s => s.Key,
                    s => (IReadOnlyList<StateFile>)[.. s.Value!.AsArray().Select(ReadFile)]),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or FormatException or ArgumentException)
        {
            throw new CorruptTableException(ErrorCodes.CorruptLog, $"The domain metadata '{Domain}' cannot be read: {error.Message}", error);
        }
    }

    public string Write() => new JsonObject
    {
        ["format"] = Format,
        ["flow"] = Flow,
        ["config"] = Config.DeepClone(),
        ["columns"] = new JsonArray([.. Columns.Select(static c => (JsonNode)JsonValue.Create(c))]),
        ["sets"] = new JsonObject(Sets.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => KeyValuePair.Create(
            s.Key,
            (JsonNode?)new JsonArray([.. s.Value.Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["rows"] = f.Rows })])))),
    }.ToJsonString();

    private static StateFile ReadFile(JsonNode? file) => new(file!["path"]!.GetValue<string>(), file["rows"]!.GetValue<long>());
}
