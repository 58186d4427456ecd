using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>The checksum that the protocol defines for <c>_last_checkpoint</c>: of the leaves of the object with their paths, in order of the paths.</summary>
internal static class JsonChecksum
{
    private const string Own = "checksum";

    /// <summary>The checksum of an object, without its own field, as 32 hexadecimal digits.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol prescribes MD5; it guards against damage, not against attackers.")]
    public static string Of(JsonObject root)
    {
        List<(string Path, string Value)> leaves = [];
        foreach ((string name, JsonNode? value) in root.Where(static member => member.Key != Own))
        {
            Collect(Quoted(name), value, leaves);
        }

        IEnumerable<string> ordered = leaves.OrderBy(static leaf => leaf.Path, StringComparer.Ordinal).Select(static leaf => leaf.Path + "=" + leaf.Value);
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Join(',', ordered))));
    }

    private static void Collect(string path, JsonNode? node, List<(string Path, string Value)> leaves)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((string name, JsonNode? value) in members)
                {
                    Collect(path + "+" + Quoted(name), value, leaves);
                }

                break;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    Collect(string.Create(CultureInfo.InvariantCulture, $"{path}+{i}"), items[i], leaves);
                }

                break;
            default:
                leaves.Add((path, node?.GetValueKind() == JsonValueKind.String ? Quoted(node.GetValue<string>()) : node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static string Quoted(string text) => "\"" + Uri.EscapeDataString(text) + "\"";
}
