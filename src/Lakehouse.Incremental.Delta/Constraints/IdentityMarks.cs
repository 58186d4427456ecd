using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Moves the marks of identity columns in a metadata action. All else of the schema stays as it was read.</summary>
internal static class IdentityMarks
{
    public static MetadataAction Move(MetadataAction metadata, IReadOnlyDictionary<int, long> marks)
    {
        JsonNode schema = JsonNode.Parse(metadata.SchemaString, null, new System.Text.Json.JsonDocumentOptions { MaxDepth = 256 })!;
        JsonArray fields = schema["fields"]!.AsArray();
        foreach ((int position, long mark) in marks)
        {
            fields[position]!["metadata"]![RuleKeys.IdentityHighWaterMark] = mark;
        }

        return metadata with { SchemaString = schema.ToJsonString() };
    }
}
