using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Takes the difference between worked-out groups and what their table publishes.</summary>
internal static class AggregatePlanner
{
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.RetractionUnderflow"/>: more was retracted than was ever added.</exception>
    public static async Task<MergePlan> PlanAsync(AggregateTarget target, GroupTable table, MergeCounts counts, CancellationToken cancellationToken)
    {
        AggregateLayout layout = target.Layout;
        Group[] groups = [.. table.InOrder];
        CheckUnderflow(target, groups, table);
        bool isGlobal = layout.Groups.Count == 0;
        Group[] live = [.. groups.Where(g => g.Rows > 0 || isGlobal)];
        Group[] gone = [.. groups.Where(g => g.Rows == 0 && !isGlobal)];
        RecordBatch rows = GroupRows.Publish(layout, live, table.Samples);

        List<RowLocation>[] found = [.. groups.Select(g => Find(target, g))];
        CheckUnique(target, groups, found, table);
        ExistingRows existing = await ExistingRows
            .ReadAsync(target.Table, target.Snapshot, target.Index, [.. found.SelectMany(f => f)], cancellationToken).ConfigureAwait(false);
        UInt128[] stored = Digests(existing.Rows);
        UInt128[] fresh = Digests(rows);
        ChangeRows? changes = target.Snapshot.TableProperties.EnableChangeDataFeed ? new() : null;
        List<RowLocation> removed = [];
        List<int> added = [];
        List<RowLocation?> replaced = [];
        int next = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            int row = next < live.Length && ReferenceEquals(live[next], groups[i]) ? next++ : -1;
            int[] old = [.. found[i].Select(existing.IndexOf)];
            if (row < 0 || old.Length != 1 || stored[old[0]] != fresh[row])
            {
                removed.AddRange(found[i]);
                added.AddRange(row < 0 ? [] : [row]);
                replaced.AddRange(row < 0 ? [] : [old.Length > 0 ? found[i][0] : null]);
                Record(changes, counts, old, row);
            }
        }

        return new MergePlan
        {
            Removed = removed,
            Added = TakeKernel.Take(rows, [.. added]),
            Replaced = replaced,
            Changes = changes?.ToBatch(layout.Published, [existing.Rows, rows]),
            StateUpserts = GroupRows.State(layout, live, table.Samples),
            StateRemovals = GroupRows.Keys(layout, gone, table.Samples),
            Counts = counts,
        };
    }

    /// <summary>The net change of one group.</summary>
    /// <param name="changes">Change data, if the table keeps any: source 0 are the rows it holds, source 1 the rows to publish.</param>
    /// <param name="counts">What happens to rows of the table.</param>
    /// <param name="old">The rows the table holds for the group.</param>
    /// <param name="row">The row to publish; -1 for none.</param>
    private static void Record(ChangeRows? changes, MergeCounts counts, int[] old, int row)
    {
        bool isUpdate = row >= 0 && old.Length > 0;
        foreach (int extra in isUpdate ? old[1..] : old)
        {
            counts.Deleted++;
            changes?.Delete(new RowRef(0, extra));
        }

        if (isUpdate)
        {
            counts.Updated++;
            changes?.Update(new RowRef(0, old[0]), new RowRef(1, row));
        }
        else if (row >= 0)
        {
            counts.Inserted++;
            changes?.Insert(new RowRef(1, row));
        }
    }

    private static List<RowLocation> Find(AggregateTarget target, Group group)
    {
        List<RowLocation> rows = [];
        target.Index.Find(KeyHash.Of(group.Key), rows);
        rows.Sort();
        return rows;
    }

    private static UInt128[] Digests(RecordBatch rows) => RowDigest.Compute(rows, [.. Enumerable.Range(0, rows.ColumnCount)], DigestDomain.Event);

    /// <summary>A group that stands twice is an error (semantics 2.35), except in a rebuild, which removes the copies.</summary>
    private static void CheckUnique(AggregateTarget target, Group[] groups, List<RowLocation>[] found, GroupTable table)
    {
        Group[] bad = table.IsRebuild ? [] : [.. groups.Where((_, i) => found[i].Count > 1)];
        if (bad.Length > 0)
        {
            throw Error(target, bad, table, ErrorCodes.TargetKeyNotUnique, "stand in the table more than once");
        }
    }

    private static void CheckUnderflow(AggregateTarget target, Group[] groups, GroupTable table)
    {
        Group[] bad = [.. groups.Where(g => g.IsUnderflown)];
        if (bad.Length > 0)
        {
            throw Error(target, bad, table, ErrorCodes.RetractionUnderflow, "lose rows or values that they never had");
        }
    }

    private static LakehouseException Error(AggregateTarget target, Group[] groups, GroupTable table, string code, string what)
    {
        AggregateLayout layout = target.Layout;
        RecordBatch keys = GroupRows.Keys(layout, groups, table.Samples);
        return new LakehouseException(
            code,
            FormattableString.Invariant($"Flow '{layout.Flow.Name}': {groups.Length} groups of '{target.Table.Storage.Name}' {what}. ")
            + "The Reconciler can repair the table.")
        {
            Flow = layout.Flow.Name,
            Table = target.Table.Storage.Name,
            Count = groups.Length,
            SampleKeys = KeyText.Samples(keys, layout.GroupPositions, Enumerable.Range(0, groups.Length)),
        };
    }
}
