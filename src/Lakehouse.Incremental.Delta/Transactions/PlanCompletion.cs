using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// What depends on the version a plan is committed as, and so is made anew for each attempt: row ids, the protocol that its actions need, and the mark from
/// where on in-commit timestamps hold.
/// </summary>
internal static class PlanCompletion
{
    private const string RowTrackingPreserved = "delta.rowTracking.preserved";

    /// <summary>All actions of the commit, its info first.</summary>
    public static List<DeltaAction> Complete(CommitPlan plan, Snapshot snapshot, CommitInfo info)
    {
        ProtocolAction? upgrade = FeatureUpgrade.For(plan.Actions, snapshot.Protocol);
        ProtocolAction protocol = plan.Actions.OfType<ProtocolAction>().FirstOrDefault() ?? upgrade ?? snapshot.Protocol;
        MetadataAction metadata = plan.Actions.OfType<MetadataAction>().FirstOrDefault() ?? snapshot.Metadata;
        TableProperties properties = new(metadata.Configuration);
        List<DeltaAction> actions = new(plan.Actions.Count + 3)
        {
            properties.EnableRowTracking ? info with { Tags = Tagged(info.Tags) } : info,
        };
        if (upgrade is not null)
        {
            actions.Add(upgrade);
        }

        actions.AddRange(RowIds.Assign(plan.Actions, snapshot, protocol, properties).Select(
            action => action is MetadataAction changed ? WithEnablement(changed, properties, snapshot, info) : action));
        return actions;
    }

    // Versions before have the times of their files: readers must know where that ends (protocol notes, section 13).
    private static MetadataAction WithEnablement(MetadataAction metadata, TableProperties properties, Snapshot snapshot, CommitInfo info)
    {
        if (!properties.InCommitTimestamps || snapshot.TableProperties.InCommitTimestamps)
        {
            return metadata;
        }

        Dictionary<string, string> configuration = new(metadata.Configuration, StringComparer.Ordinal)
        {
            [TableProperties.InCommitTimestampEnablementVersionKey] = (snapshot.Version + 1).ToString(CultureInfo.InvariantCulture),
            [TableProperties.InCommitTimestampEnablementTimestampKey] = info.InCommitTimestamp!.Value.ToString(CultureInfo.InvariantCulture),
        };
        return metadata with { Configuration = configuration };
    }

    private static JsonObject Tagged(JsonObject? tags)
    {
        JsonObject tagged = tags is null ? [] : tags.DeepClone().AsObject();
        tagged[RowTrackingPreserved] = "true";
        return tagged;
    }
}
