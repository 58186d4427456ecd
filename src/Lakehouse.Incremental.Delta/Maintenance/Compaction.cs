using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// Merges small files and drops deleted rows, in a commit that only rearranges (dataChange=false). Keeps the number of files, and with it the cost of a
/// batch, from growing with the number of batches.
/// </summary>
internal static class Compaction
{
    public const string AutoCompactKey = "delta.autoOptimize.autoCompact";

    /// <summary>
    /// One step after a commit of an engine, if the table's properties ask for it. It never fails: the commit stands, and who took an error for that of
    /// the commit would make the change again.
    /// </summary>
    public static async Task AfterCommitAsync(DeltaTable table, CancellationToken cancellationToken)
    {
        if (!table.CurrentSnapshot.TableProperties.Flag(AutoCompactKey, fallback: false))
        {
            return;
        }

        try
        {
            await StepAsync(table, CompactionPolicy.Default, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            table.Logger.CompactionFailed(error, table.Storage.Name);
        }
    }

    /// <summary>One step: commits at most once, and not at all when nothing is due.</summary>
    /// <returns>The version of the commit, or null.</returns>
    public static async Task<long?> StepAsync(DeltaTable table, CompactionPolicy policy, CancellationToken cancellationToken)
    {
        if (Choose(table.CurrentSnapshot, policy).Count == 0)
        {
            return null;
        }

        JsonObject parameters = new() { ["predicate"] = "[]", ["auto"] = true };
        OptimizeResult result = await new FileRewrite(table, Groups, parameters, null).RunAsync(cancellationToken).ConfigureAwait(false);
        return result.Version;

        IReadOnlyList<IReadOnlyList<AddFile>> Groups(Snapshot snapshot) => [.. Choose(snapshot, policy).GroupBy(static file => file.PartitionKey, StringComparer.Ordinal).Select(static g => g.ToList())];
    }

    /// <summary>The files of all tiers that are full, and those that are mostly dead; of one partition at a time a tier is counted.</summary>
    private static List<AddFile> Choose(Snapshot snapshot, CompactionPolicy policy)
    {
        List<AddFile> chosen = [];
        Dictionary<(string Partition, int Tier), List<AddFile>> tiers = [];
        foreach (AddFile file in snapshot.Files)
        {
            if (StatisticsJson.NumRecords(file.Stats) is not { } physical)
            {
                continue;
            }

            long live = physical - (file.DeletionVector?.Cardinality ?? 0);
            if (live < physical * (1 - policy.MaxDeadFraction))
            {
                chosen.Add(file);
            }
            else if (live < policy.MaxRows)
            {
                int tier = (int)Math.Ceiling(Math.Log(Math.Max(live, 1) / (double)policy.SmallestTierRows, policy.Factor));
                (string, int) key = (file.PartitionKey, Math.Max(tier, 0));
                if (!tiers.TryGetValue(key, out List<AddFile>? members))
                {
                    tiers.Add(key, members = []);
                }

                members.Add(file);
            }
        }

        chosen.AddRange(tiers.Values.Where(t => t.Count >= policy.Factor).SelectMany(t => t));
        chosen.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return chosen;
    }
}
