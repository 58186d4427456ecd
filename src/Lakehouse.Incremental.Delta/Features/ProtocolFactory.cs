using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
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
        SortedSet<string> features = FeaturesOf(schema, properties);
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

        if (!asksForLists && features.All(static feature => TableFeature.LegacyVersion(feature) is not null))
        {
            return new ProtocolAction
            {
                MinReaderVersion = features.Contains(TableFeature.ColumnMapping) ? 2 : 1,
                MinWriterVersion = features.Select(static feature => TableFeature.LegacyVersion(feature)!.Value).DefaultIfEmpty(1).Max(),
            };
        }

        return Listing(features, 1);
    }

    /// <summary>
    /// The protocol of a table whose schema or properties change: the former one with the features that are used now besides, legacy versions spelled
    /// out where a list is needed. No feature is ever taken away.
    /// </summary>
    /// <returns>Null when the former protocol will do.</returns>
    /// <exception cref="UnsupportedFeatureException">A feature is asked for that this library cannot write.</exception>
    public static ProtocolAction? Upgrade(ProtocolAction current, StructType schema, IReadOnlyDictionary<string, string> properties)
    {
        SortedSet<string> needed = FeaturesOf(schema, properties);
        needed.UnionWith(properties.Keys.Where(IsRequest).Select(static key => key[RequestPrefix.Length..]));
        return Upgrade(current, needed);
    }

    /// <inheritdoc cref="Upgrade(ProtocolAction, StructType, IReadOnlyDictionary{string, string})"/>
    public static ProtocolAction? Upgrade(ProtocolAction current, IEnumerable<string> needed)
    {
        SortedSet<string> features = new(TableFeature.OfWriter(current.MinWriterVersion, current.WriterFeatures), StringComparer.Ordinal);
        string[] missing = [.. needed.Where(feature => !features.Contains(feature))];
        if (missing.Length == 0)
        {
            return null;
        }

        foreach (string feature in missing)
        {
            Check(feature);
            features.Add(feature);
        }

        return Listing(features, missing.Any(TableFeature.IsReaderFeature) ? TableFeature.MaxReaderVersion : current.MinReaderVersion);
    }

    private static ProtocolAction Listing(SortedSet<string> features, int leastReader)
    {
        string[] reader = [.. features.Where(TableFeature.IsReaderFeature)];
        int version = leastReader == 2 && reader is [TableFeature.ColumnMapping] ? 2
            : reader.Length > 0 ? TableFeature.MaxReaderVersion : leastReader;
        return new ProtocolAction
        {
            MinReaderVersion = version,
            MinWriterVersion = TableFeature.MaxWriterVersion,
            ReaderFeatures = version == TableFeature.MaxReaderVersion ? reader : null,
            WriterFeatures = [.. features],
        };
    }

    /// <summary>The properties that go into the metadata action.</summary>
    public static IReadOnlyDictionary<string, string> WithoutRequests(IReadOnlyDictionary<string, string> properties) =>
        properties.Where(static entry => !IsRequest(entry.Key)).ToDictionary(StringComparer.Ordinal);

    private static SortedSet<string> FeaturesOf(StructType schema, IReadOnlyDictionary<string, string> configuration)
    {
        TableProperties properties = new(configuration);
        SortedSet<string> features = new(StringComparer.Ordinal);
        AddIf(properties.AppendOnly, TableFeature.AppendOnly);
        AddIf(properties.EnableChangeDataFeed, TableFeature.ChangeDataFeed);
        AddIf(properties.EnableDeletionVectors, TableFeature.DeletionVectors);
        AddIf(properties.InCommitTimestamps, TableFeature.InCommitTimestamp);
        AddIf(properties.ColumnMappingMode != ColumnMappingMode.None, TableFeature.ColumnMapping);
        AddIf(properties.EnableTypeWidening, TableFeature.TypeWidening);
        AddIf(properties.EnableRowTracking, TableFeature.RowTracking);
        AddIf(properties.EnableRowTracking, TableFeature.DomainMetadata);
        AddIf(properties.UseV2Checkpoints, TableFeature.V2Checkpoint);
        AddIf(Holds(schema, static field => !field.Nullable || IsMarked(field, RuleKeys.Invariants)), TableFeature.Invariants);
        AddIf(configuration.Keys.Any(RuleKeys.IsConstraint), TableFeature.CheckConstraints);
        AddIf(Holds(schema, static field => IsMarked(field, RuleKeys.GenerationExpression)), TableFeature.GeneratedColumns);
        AddIf(Holds(schema, static field => IsMarked(field, RuleKeys.CurrentDefault)), TableFeature.AllowColumnDefaults);
        AddIf(Holds(schema, static field => IsMarked(field, RuleKeys.IdentityStart)), TableFeature.IdentityColumns);
        AddIf(Holds(schema, static field => field.Type == PrimitiveType.Variant), TableFeature.VariantType);
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

    private static bool IsMarked(StructField field, string key) => field.Metadata?.ContainsKey(key) == true;

    private static bool IsRequest(string key) => key.StartsWith(RequestPrefix, StringComparison.Ordinal);

    private static void Check(string feature)
    {
        if (!TableFeature.CanCreate(feature))
        {
            throw new UnsupportedFeatureException(ErrorCodes.UnsupportedFeature, $"This library cannot write tables with the feature '{feature}'.");
        }
    }
}
