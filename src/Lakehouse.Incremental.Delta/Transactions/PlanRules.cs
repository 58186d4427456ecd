using System.Globalization;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What the protocol demands of a commit (protocol notes, sections 2, 9 and 13), checked before it is tried.</summary>
internal static class PlanRules
{
    /// <exception cref="UnsupportedFeatureException">The table, or the plan, needs a feature that is not there.</exception>
    /// <exception cref="LakehouseException">The table is append-only and the plan deletes rows (<see cref="ErrorCodes.AppendOnly"/>).</exception>
    /// <exception cref="InvalidOperationException">The plan is not a valid commit; that is a defect of the caller.</exception>
    public static void Check(CommitPlan plan, Snapshot snapshot, string table)
    {
        ProtocolAction protocol = plan.Actions.OfType<ProtocolAction>().FirstOrDefault() ?? snapshot.Protocol;
        MetadataAction metadata = plan.Actions.OfType<MetadataAction>().FirstOrDefault() ?? snapshot.Metadata;
        ProtocolGate.CheckWrite(protocol, metadata);
        CheckUnique(plan.Actions);
        bool deletes = plan.Actions.Any(static action => action is RemoveFile { DataChange: true });
        if (deletes)
        {
            AppendOnlyRule.Check(snapshot, table);
        }

        bool marksRows = plan.Actions.Any(static action => action is AddFile { DeletionVector: not null });
        if (marksRows && !FeatureUpgrade.Has(protocol, TableFeature.DeletionVectors))
        {
            throw new UnsupportedFeatureException(
                ErrorCodes.UnsupportedFeature, $"'{table}' lacks the feature '{TableFeature.DeletionVectors}', which the commit would use.")
            {
                Table = table,
            };
        }
    }

    private static void CheckUnique(IReadOnlyList<DeltaAction> actions)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Dictionary<string, string?> removed = new(StringComparer.Ordinal);
        foreach (DeltaAction action in actions)
        {
            string? key = action switch
            {
                CommitInfo => "commitInfo",
                MetadataAction => "metaData",
                ProtocolAction => "protocol",
                SetTransaction transaction => "txn " + transaction.AppId,
                DomainMetadata domain => "domainMetadata " + domain.Domain,
                AddFile add => "add " + LogicalFile.PathKey(add.Path),
                RemoveFile remove => "remove " + LogicalFile.PathKey(remove.Path),
                AddCdcFile cdc => "cdc " + LogicalFile.PathKey(cdc.Path),
                _ => null,
            };
            if (key is not null && !seen.Add(key))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The commit holds the action '{key}' twice."));
            }

            if (action is RemoveFile file)
            {
                removed[LogicalFile.PathKey(file.Path)] = file.DeletionVector?.UniqueId;
            }
        }

        foreach (AddFile add in actions.OfType<AddFile>())
        {
            if (removed.TryGetValue(LogicalFile.PathKey(add.Path), out string? vector)
                && string.Equals(vector, add.DeletionVector?.UniqueId, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The commit adds and removes '{add.Path}' with the same deletion vector.");
            }
        }
    }
}
