using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.RowTracking;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Merging;

/// <summary>A row that replaces another one is the same row in a table that keeps row ids: it is written with the id of the one it replaces.</summary>
internal static class RowIdentities
{
    /// <summary>The rows that enter a table, with their ids where the table keeps those.</summary>
    public static async Task<RecordBatch> KeepAsync(
        DeltaTable table, Snapshot snapshot, KeyIndex index, MergePlan plan, CancellationToken cancellationToken)
    {
        if (RowTrackingColumns.Of(snapshot) is not { } tracking || plan.Added.Length == 0)
        {
            return plan.Added;
        }

        long?[] ids = new long?[plan.Added.Length];
        var replaced = plan.Replaced.Select((location, row) => (Location: location, Row: row)).Where(static r => r.Location is not null)
            .Select(static r => (Location: r.Location!.Value, r.Row)).GroupBy(static r => r.Location.File);
        foreach (var rows in replaced)
        {
            (RowLocation Location, int Row)[] ordered = [.. rows.OrderBy(static r => r.Location.Row)];
            AddFile file = index.File(rows.Key).Add;
            long?[] found = await tracking
                .IdsAsync(table, snapshot, file, ordered.Select(static r => r.Location.Row).ToArray(), cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < found.Length; i++)
            {
                ids[ordered[i].Row] = found[i];
            }
        }

        return tracking.WithIds(plan.Added, ids);
    }
}
