namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>The table features that the protocol defines. Writers must refuse a table that lists any other.</summary>
internal static class KnownFeatures
{
    private static readonly HashSet<string> s_names = new(StringComparer.Ordinal)
    {
        "appendOnly", "invariants", "checkConstraints", "changeDataFeed", "generatedColumns", "columnMapping", "identityColumns", "deletionVectors",
        "rowTracking", "timestampNtz", "domainMetadata", "v2Checkpoint", "icebergCompatV1", "icebergCompatV2", "icebergCompatV3", "clustering",
        "vacuumProtocolCheck", "inCommitTimestamp", "typeWidening", "typeWidening-preview", "variantType", "variantType-preview", "variantShredding",
        "variantShredding-preview", "allowColumnDefaults", "checkpointProtection", "materializePartitionColumns", "catalogManaged",
    };

    public static bool IsKnown(string feature) => s_names.Contains(feature);

    /// <summary>Whether a message names a feature, of the protocol or of the table's own list, by its name or in words.</summary>
    public static bool IsNamedIn(string message, GoldenTable table)
    {
        string words = message.Replace(" ", "", StringComparison.Ordinal);
        return s_names.Concat(table.Features ?? []).Any(feature => words.Contains(feature.TrimEnd('s'), StringComparison.OrdinalIgnoreCase));
    }
}
