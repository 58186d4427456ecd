using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Adds what the actions of a commit need to a protocol that lacks it.</summary>
internal static class FeatureUpgrade
{
    public static bool Has(ProtocolAction protocol, string feature) =>
        TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures).Contains(feature, StringComparer.Ordinal);

    /// <summary>The protocol a commit must bring along for its actions, or null when the table's own, or the one in the commit, will do.</summary>
    public static ProtocolAction? For(IReadOnlyList<DeltaAction> actions, ProtocolAction current)
    {
        bool needed = actions.Any(static action => action is DomainMetadata) && !actions.Any(static action => action is ProtocolAction);
        return needed ? ProtocolFactory.Upgrade(current, [TableFeature.DomainMetadata]) : null;
    }
}
