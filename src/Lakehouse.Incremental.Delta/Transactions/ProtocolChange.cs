using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// Whether a plan still holds after another transaction changed the protocol: when it only added features that bind no running one.
/// </summary>
internal static class ProtocolChange
{
    // Features that Delta lets be added under running transactions: what they demand is asked of files and commits that come later, or the metadata
    // that turns them on is a conflict of its own.
    private static readonly HashSet<string> Harmless = new(
        [
            "appendOnly", "changeDataFeed", "columnMapping", "timestampNtz", "deletionVectors", "rowTracking", "domainMetadata", "icebergCompatV1",
            "icebergCompatV2", "icebergCompatV3", "v2Checkpoint", "typeWidening", "typeWidening-preview", "inCommitTimestamp", "vacuumProtocolCheck",
            "catalogManaged", "catalogOwned-preview",
        ],
        StringComparer.Ordinal);

    public static Verdict? Check(TransactionScope ours, WinningCommit winner)
    {
        if (winner.Protocol is not { } protocol)
        {
            return null;
        }

        HashSet<string> before = FeaturesOf(ours.Protocol);
        HashSet<string> after = FeaturesOf(protocol);
        string? reason = ours.ChangesProtocol ? "protocol"
            : before.Except(after, StringComparer.Ordinal).FirstOrDefault()
                ?? after.Except(before, StringComparer.Ordinal).FirstOrDefault(static feature => !Harmless.Contains(feature))
                ?? (CanWrite(protocol, winner.Metadata ?? ours.Metadata) ? null : "protocol");
        return reason is null ? null : new Verdict(VerdictKind.ProtocolChanged, reason);
    }

    private static HashSet<string> FeaturesOf(ProtocolAction protocol) => new(
        TableFeature.OfReader(protocol.MinReaderVersion, protocol.ReaderFeatures)
            .Concat(TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures)),
        StringComparer.Ordinal);

    private static bool CanWrite(ProtocolAction protocol, MetadataAction metadata)
    {
        try
        {
            ProtocolGate.CheckWrite(protocol, metadata);
            return true;
        }
        catch (UnsupportedFeatureException)
        {
            // The next derivation says so to the caller, by name.
            return false;
        }
    }
}
