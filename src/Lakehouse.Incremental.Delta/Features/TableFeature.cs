namespace Lakehouse.Incremental.Delta.Features;

/// <summary>Names of table features as the protocol action lists them.</summary>
internal static class TableFeature
{
    public const string AppendOnly = "appendOnly";
    public const string Invariants = "invariants";
    public const string CheckConstraints = "checkConstraints";
    public const string ChangeDataFeed = "changeDataFeed";
    public const string GeneratedColumns = "generatedColumns";
    public const string ColumnMapping = "columnMapping";
    public const string IdentityColumns = "identityColumns";
    public const string DeletionVectors = "deletionVectors";
    public const string TimestampNtz = "timestampNtz";
    public const string V2Checkpoint = "v2Checkpoint";
    public const string VacuumProtocolCheck = "vacuumProtocolCheck";
    public const string DomainMetadata = "domainMetadata";
    public const string InCommitTimestamp = "inCommitTimestamp";
    public const string AllowColumnDefaults = "allowColumnDefaults";
    public const string TypeWidening = "typeWidening";
    public const string TypeWideningPreview = "typeWidening-preview";
    public const string VariantType = "variantType";
    public const string VariantTypePreview = "variantType-preview";
    public const string VariantShredding = "variantShredding";
    public const string VariantShreddingPreview = "variantShredding-preview";
    public const string RowTracking = "rowTracking";
    public const string Clustering = "clustering";
    public const string IcebergCompatV1 = "icebergCompatV1";
    public const string IcebergCompatV2 = "icebergCompatV2";

    /// <summary>The highest protocol versions there are.</summary>
    public const int MaxReaderVersion = 3;

    /// <inheritdoc cref="MaxReaderVersion"/>
    public const int MaxWriterVersion = 7;

    /// <summary>Features a reader must know, too: they are listed on both sides.</summary>
    public static bool IsReaderFeature(string name) =>
        name is ColumnMapping or DeletionVectors or TimestampNtz or V2Checkpoint or VacuumProtocolCheck or TypeWidening or TypeWideningPreview
            or VariantType or VariantTypePreview or VariantShredding or VariantShreddingPreview;

    /// <summary>The first writer version that implies a feature without a list; null for the features that came with lists.</summary>
    public static int? LegacyVersion(string name) => name switch
    {
        AppendOnly or Invariants => 2,
        CheckConstraints => 3,
        ChangeDataFeed or GeneratedColumns => 4,
        ColumnMapping => 5,
        IdentityColumns => 6,
        _ => null,
    };

    /// <summary>Whether this library can give a table the feature and keep what it promises.</summary>
    public static bool CanCreate(string name) => name is AppendOnly or Invariants or ChangeDataFeed or ColumnMapping or DeletionVectors or TimestampNtz
        or DomainMetadata or InCommitTimestamp or V2Checkpoint or VacuumProtocolCheck or TypeWidening or VariantType or RowTracking or Clustering
        or CheckConstraints or GeneratedColumns or IdentityColumns or AllowColumnDefaults;

    /// <summary>What a protocol demands of readers, legacy versions spelled out as features.</summary>
    public static IEnumerable<string> OfReader(int version, IReadOnlyList<string>? listed) => version switch
    {
        MaxReaderVersion => listed ?? [],
        2 => [ColumnMapping],
        _ => [],
    };

    /// <summary>What a protocol demands of writers, legacy versions spelled out as features.</summary>
    public static IEnumerable<string> OfWriter(int version, IReadOnlyList<string>? listed)
    {
        if (version == MaxWriterVersion)
        {
            return listed ?? [];
        }

        List<string> features = [];
        AddFrom(2, AppendOnly, Invariants);
        AddFrom(3, CheckConstraints);
        AddFrom(4, ChangeDataFeed, GeneratedColumns);
        AddFrom(5, ColumnMapping);
        AddFrom(6, IdentityColumns);
        return features;

        void AddFrom(int least, params ReadOnlySpan<string> names)
        {
            if (version >= least)
            {
                features.AddRange(names);
            }
        }
    }
}
