using System.Globalization;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Features;

/// <summary>
/// Refuses tables this library would read or write wrongly, naming the feature. A feature that is only listed, or implied by a legacy version, but
/// not in use by the table's metadata binds nobody and is let through where using it needs a change of the metadata.
/// </summary>
internal static class ProtocolGate
{
    /// <exception cref="UnsupportedFeatureException">A version or a feature is not known.</exception>
    public static void CheckRead(ProtocolAction protocol, MetadataAction metadata)
    {
        if (protocol.MinReaderVersion is < 1 or > TableFeature.MaxReaderVersion)
        {
            throw UnknownVersion("reader", protocol.MinReaderVersion, TableFeature.MaxReaderVersion);
        }

        foreach (string feature in TableFeature.OfReader(protocol.MinReaderVersion, protocol.ReaderFeatures))
        {
            if (!CanRead(feature, metadata))
            {
                throw Unknown(feature, "read");
            }
        }

        if (protocol.ReaderFeatures?.Any(static feature => feature is TableFeature.TypeWidening or TableFeature.TypeWideningPreview) == true)
        {
            TypeWidening.Check(SchemaJson.Parse(metadata.SchemaString));
        }

        if (!string.Equals(metadata.FormatProvider, "parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnsupportedFeatureException(
                ErrorCodes.UnsupportedFeature, $"The data files have the format '{metadata.FormatProvider}'; only parquet can be read.");
        }
    }

    /// <exception cref="UnsupportedFeatureException">A version or a feature is not known.</exception>
    public static void CheckWrite(ProtocolAction protocol, MetadataAction metadata)
    {
        CheckRead(protocol, metadata);
        if (protocol.MinWriterVersion is < 1 or > TableFeature.MaxWriterVersion)
        {
            throw UnknownVersion("writer", protocol.MinWriterVersion, TableFeature.MaxWriterVersion);
        }

        foreach (string feature in TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures))
        {
            if (!CanWrite(feature, metadata))
            {
                throw Unknown(feature, "write");
            }
        }
    }

    private static bool CanRead(string feature, MetadataAction metadata) => feature switch
    {
        TableFeature.DeletionVectors or TableFeature.TimestampNtz or TableFeature.V2Checkpoint or TableFeature.VacuumProtocolCheck => true,
        TableFeature.ColumnMapping or TableFeature.TypeWidening or TableFeature.TypeWideningPreview => true,
        TableFeature.VariantType or TableFeature.VariantTypePreview => true,
        TableFeature.VariantShredding or TableFeature.VariantShreddingPreview => true,
        _ => false,
    };

    private static bool CanWrite(string feature, MetadataAction metadata) => feature switch
    {
        TableFeature.AppendOnly or TableFeature.ChangeDataFeed or TableFeature.DomainMetadata or TableFeature.InCommitTimestamp => true,
        TableFeature.RowTracking or TableFeature.Clustering => true,

        // What their expressions need is known when rows are written: see RowRules.
        TableFeature.Invariants or TableFeature.CheckConstraints or TableFeature.GeneratedColumns => true,
        TableFeature.IdentityColumns or TableFeature.AllowColumnDefaults => true,
        TableFeature.IcebergCompatV1 => !new TableProperties(metadata.Configuration).Flag("delta.enableIcebergCompatV1", false),
        TableFeature.IcebergCompatV2 => !new TableProperties(metadata.Configuration).Flag("delta.enableIcebergCompatV2", false),
        _ => CanRead(feature, metadata),
    };

    private static UnsupportedFeatureException Unknown(string feature, string verb) => new(
        ErrorCodes.UnsupportedFeature, $"The table uses the feature '{feature}', which this library does not support: it cannot {verb} the table.");

    private static UnsupportedFeatureException UnknownVersion(string side, int version, int known) => new(
        ErrorCodes.UnsupportedFeature,
        string.Create(CultureInfo.InvariantCulture, $"The table asks for {side} version {version}; this library knows versions 1 to {known}."));
}
