using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Adds a writer-only feature to a protocol that lacks it. What a legacy version implied is spelled out and stays.</summary>
internal static class FeatureUpgrade
{
    public static bool Has(ProtocolAction protocol, string feature) =>
        TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures).Contains(feature, StringComparer.Ordinal);

    /// <summary>The protocol a commit must bring along for its actions, or null when the table's own, or the one in the commit, will do.</summary>
    public static ProtocolAction? For(IReadOnlyList<DeltaAction> actions, ProtocolAction current)
    {
        bool needed = actions.Any(static action => action is DomainMetadata) && !actions.Any(static action => action is ProtocolAction);
        return needed && !Has(current, TableFeature.DomainMetadata) ? With(current, TableFeature.DomainMetadata) : null;
    }

    private static ProtocolAction With(ProtocolAction protocol, string feature)
    {
        string[] writer =
        [
            .. TableFeature.OfWriter(protocol.MinWriterVersion, protocol.WriterFeatures).Append(feature).Order(StringComparer.Ordinal),
        ];
        return protocol with { MinWriterVersion = TableFeature.MaxWriterVersion, WriterFeatures = writer };
    }
}
