using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Features;

/// <summary>The lowest protocol that carries what a new table uses: legacy versions where they do, else lists of exactly these features.</summary>
internal static class ProtocolFactory
{
    private const string RequestPrefix = "delta.feature.";

    /// <summary>The protocol for a schema and table properties.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="properties">
    /// The table's properties. Entries <c>delta.feature.{name} = supported</c> ask for a feature; they are no properties of the table
    /// (<see cref="WithoutRequests"/>).
    /// </param>
    /// <exception cref="UnsupportedFeatureException">A feature is asked for that this library cannot write.</exception>
    public static ProtocolAction For(StructType schema, IReadOnlyDictionary<string, string> properties)
    {
        SortedSet<string> features = FeaturesOf(schema, new TableProperties(properties));
        bool asksForLists = false;
        foreach (string key in properties.Keys.Where(IsRequest))
        {
            features.Add(key[RequestPrefix.Length..]);
            asksForLists = true;
        }

        foreach (string feature in features)
        {
            Check(feature);
        }

        if (!asksForLists && features.All(IsLegacy))
        {
            return new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = LegacyVersion(features) };
        }

        string[] reader = [.. features.Where(TableFeature.IsReaderFeature)];
        return new ProtocolAction
        {
            MinReaderVersion = reader.Length > 0 ? TableFeature.MaxReaderVersion : 1,
            MinWriterVersion = TableFeature.MaxWriterVersion,
            ReaderFeatures = reader.Length > 0 ? reader : null,
            WriterFeatures = [.. features],
        };
    }

    /// <summary>The properties that go into the metadata action.</summary>
    public static IReadOnlyDictionary<string, string> WithoutRequests(IReadOnlyDictionary<string, string> properties) =>
        properties.Where(static entry => !IsRequest(entry.Key)).ToDictionary(StringComparer.Ordinal);

    private static SortedSet<string> FeaturesOf(StructType schema, TableProperties properties)
    {
        SortedSet<string> features = new(StringComparer.Ordinal);
        AddIf(properties.AppendOnly, TableFeature.AppendOnly);
        AddIf(properties.EnableChangeDataFeed, TableFeature.ChangeDataFeed);
        AddIf(properties.EnableDeletionVectors, TableFeature.DeletionVectors);
        AddIf(properties.InCommitTimestamps, TableFeature.InCommitTimestamp);
        AddIf(Holds(schema, static field => !field.Nullable), TableFeature.Invariants);
        AddIf(Holds(schema, static field => field.Type == PrimitiveType.TimestampNtz), TableFeature.TimestampNtz);
        return features;

        void AddIf(bool used, string feature)
        {
            if (used)
            {
                features.Add(feature);
            }
        }
    }

    // Lists and maps count as fields without a name.
    private static bool Holds(DataType type, Func<StructField, bool> condition) => type switch
    {
        StructType structure => structure.Fields.Any(field => condition(field) || Holds(field.Type, condition)),
        ArrayType array => HoldsValue(array.ElementType, condition),
        MapType map => HoldsValue(map.KeyType, condition) || HoldsValue(map.ValueType, condition),
        _ => false,
    };

    private static bool HoldsValue(DataType type, Func<StructField, bool> condition) =>
        condition(new StructField("", type)) || Holds(type, condition);

    private static bool IsRequest(string key) => key.StartsWith(RequestPrefix, StringComparison.Ordinal);

    private static bool IsLegacy(string feature) =>
        feature is TableFeature.AppendOnly or TableFeature.Invariants or TableFeature.ChangeDataFeed;

    private static int LegacyVersion(SortedSet<string> features) =>
        features.Contains(TableFeature.ChangeDataFeed) ? 4 : features.Count > 0 ? 2 : 1;

    private static void Check(string feature)
    {
        if (!IsLegacy(feature) && feature is not (TableFeature.DeletionVectors or TableFeature.TimestampNtz or TableFeature.DomainMetadata
            or TableFeature.InCommitTimestamp or TableFeature.V2Checkpoint or TableFeature.VacuumProtocolCheck))
        {
            throw new UnsupportedFeatureException(ErrorCodes.UnsupportedFeature, $"This library cannot create a table with the feature '{feature}'.");
        }
    }
}
