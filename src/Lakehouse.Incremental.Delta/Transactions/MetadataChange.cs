using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// Whether a plan still holds after another transaction changed the metadata: when all that changed is the mark of an identity column, or a
/// property that was turned on and binds only what comes later.
/// </summary>
internal static class MetadataChange
{
    private const string MappingMode = "delta.columnMapping.mode";
    private const string RowTracking = "delta.enableRowTracking";
    private const string IdentityMark = "delta.identity.highWaterMark";

    // As deep as the schema reader goes at least; what is deeper counts as changed.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    public static Verdict? Check(TransactionScope ours, WinningCommit winner)
    {
        if (winner.Metadata is not { } after)
        {
            return null;
        }

        string? reason = ours.ChangesMetadata ? "metadata" : Reason(ours.Metadata, after, ours.CopiesRows);
        return reason is null ? null : new Verdict(VerdictKind.MetadataChanged, reason);
    }

    // Names what changed; null when nothing that matters did.
    private static string? Reason(MetadataAction before, MetadataAction after, bool copiesRows)
    {
        string? property = before.Configuration.Keys.Union(after.Configuration.Keys, StringComparer.Ordinal)
            .FirstOrDefault(key => !IsHarmless(key, Value(before, key), Value(after, key), copiesRows));
        bool mapped = IsMapping(Value(after, MappingMode)) && !IsMapping(Value(before, MappingMode));
        return property
            ?? (!string.Equals(before.Id, after.Id, StringComparison.Ordinal) ? "id"
            : !string.Equals(before.Name, after.Name, StringComparison.Ordinal) ? "name"
            : !string.Equals(before.Description, after.Description, StringComparison.Ordinal) ? "description"
            : !string.Equals(before.FormatProvider, after.FormatProvider, StringComparison.Ordinal) ? "format"
            : !before.PartitionColumns.SequenceEqual(after.PartitionColumns, StringComparer.Ordinal) ? "partitionColumns"
            : !SameSchema(before.SchemaString, after.SchemaString, mapped) ? "schema"
            : null);
    }

    private static string? Value(MetadataAction metadata, string key) => metadata.Configuration.GetValueOrDefault(key);

    private static bool IsHarmless(string key, string? before, string? after, bool copiesRows) =>
        string.Equals(before, after, StringComparison.Ordinal) || key switch
        {
            "delta.enableDeletionVectors" or "delta.enableInCommitTimestamps" => IsTrue(after),
            "delta.inCommitTimestampEnablementVersion" or "delta.inCommitTimestampEnablementTimestamp" => before is null,
            "delta.checkpointPolicy" => string.Equals(after, "v2", StringComparison.Ordinal),
            MappingMode => !IsMapping(before) && string.Equals(after, "name", StringComparison.OrdinalIgnoreCase),
            "delta.columnMapping.maxColumnId" => before is null,

            // A plan that copied rows did so without keeping their ids. Delta lets it pass; the ids would have changed under the readers' eyes.
            RowTracking => IsTrue(after) && !copiesRows,
            "delta.rowTracking.materializedRowIdColumnName" or "delta.rowTracking.materializedRowCommitVersionColumnName" => before is null,
            _ => false,
        };

    private static bool IsTrue(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsMapping(string? mode) => mode is not null && !string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase);

    private static bool SameSchema(string before, string after, bool mapped)
    {
        if (string.Equals(before, after, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            return JsonNode.DeepEquals(Plain(JsonNode.Parse(before, null, Deep), false), Plain(JsonNode.Parse(after, null, Deep), mapped));
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // It cannot be read, or names something twice: then it cannot be the same either.
            return false;
        }
    }

    // Takes out of a schema what may change. A column that was mapped to its own name is found under that name in files of before.
    private static JsonNode? Plain(JsonNode? node, bool mapped)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                Plain(item, mapped);
            }
        }

        if (node is not JsonObject field)
        {
            return node;
        }

        foreach ((string _, JsonNode? child) in field)
        {
            Plain(child, mapped);
        }

        if (field["metadata"] is JsonObject metadata)
        {
            metadata.Remove(IdentityMark);
            if (mapped && JsonNode.DeepEquals(metadata["delta.columnMapping.physicalName"], field["name"]))
            {
                metadata.Remove("delta.columnMapping.physicalName");
                metadata.Remove("delta.columnMapping.id");
            }
        }

        return node;
    }
}
