using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Takes over a table that no flow has written (semantics 2.43b). The rows of a history do not tell where runs begin and lives end, nor does a marked row tell its
/// delete, so the events that would have made them are added to the state; where those would give other rows, the history is not a timeline.
/// </summary>
internal static class Adoption
{
    /// <summary>A row that was deleted where it begins: of all events only this kind stands before a delete whoever wins ties.</summary>
    public const EventKind ClearedKind = EventKind.SnapshotRead;

    /// <summary>The baseline and the events that rows do not tell.</summary>
    public static async Task<ChangeBatch> EventsAsync(MergeTarget target, ChangeBatch baseline, CancellationToken cancellationToken)
    {
        MergeLayout layout = target.Layout;
        if (target.Committed is not null)
        {
            throw new ConfigurationDriftException(ErrorCodes.ConfigurationDrift, $"Table {target.Table.Storage.Name} is kept by flow '{target.Committed.Flow}' already.")
            {
                Flow = target.Flow.Name,
                Table = target.Table.Storage.Name,
            };
        }

        if (layout.Groups.Count > 0 || target.Flow.EffectiveAt.Count > 0)
        {
            throw Error(target, ErrorCodes.InvalidConfiguration, "a flow with sequence groups or effective times cannot adopt a table", []);
        }

        Snapshot snapshot = target.Snapshot;
        List<RecordBatch> parts = [];
        await foreach (RecordBatch part in target.Table.ReadAsync(new ReadOptions { Version = snapshot.Version }, cancellationToken).ConfigureAwait(false))
        {
            parts.Add(part);
        }

        RecordBatch table = ConcatKernel.Concat(snapshot.Schema, parts);
        ChangeBatch rows = EventRecords.ReadRows(layout, layout.ToData(table));
        CheckKeys(target, rows);
        int[] newer = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Orders[row].SequenceCompareTo(baseline.Orders[0]) > 0)];
        if (newer.Length > 0)
        {
            throw Error(target, ErrorCodes.InvalidConfiguration, FormattableString.Invariant($"{newer.Length} rows are newer than the baseline"), KeyText.Samples(rows.Rows, layout.Keys, newer));
        }

        return target.Flow.IsHistory ? Untold(target, table, rows, baseline)
            : target.Flow.DeleteMode == DeleteMode.Soft ? Marked(target, table, rows, baseline)
            : baseline;
    }

    /// <summary>Refuses to adopt what the flow would change.</summary>
    public static void Verify(MergeTarget target, MergePlan plan)
    {
        if (plan.Added.Length + plan.Removed.Count > 0)
        {
            RecordBatch data = target.Layout.ToData(plan.Added);
            IReadOnlyList<string> keys = KeyText.Samples(data, target.Layout.Keys, Enumerable.Range(0, data.Length));
            throw Error(target, ErrorCodes.TimelineBroken, FormattableString.Invariant($"{plan.Added.Length + plan.Removed.Count} rows do not make a timeline"), keys);
        }
    }

    /// <summary>A row without key would never be matched, and of two rows of one key nobody knows which is meant.</summary>
    private static void CheckKeys(MergeTarget target, ChangeBatch rows)
    {
        MergeLayout layout = target.Layout;
        int[] keyless = [.. Enumerable.Range(0, rows.Count).Where(row => !target.Flow.NullSafeKeys && System.Array.Exists(layout.Keys, k => rows.Rows.Column(k).IsNull(row)))];
        if (keyless.Length > 0)
        {
            throw Error(target, ErrorCodes.NullKey, FormattableString.Invariant($"{keyless.Length} rows have a null in a key column"), KeyText.Samples(rows.Rows, layout.Keys, keyless));
        }

        HashSet<UInt128> seen = [];
        int[] repeated = target.Flow.IsHistory ? [] : [.. Enumerable.Range(0, rows.Count).Where(row => !seen.Add(rows.KeyHashes[row]))];
        if (repeated.Length > 0)
        {
            throw Error(target, ErrorCodes.TargetKeyNotUnique, FormattableString.Invariant($"{repeated.Length} rows have a key that another row has"), KeyText.Samples(rows.Rows, layout.Keys, repeated));
        }
    }

    /// <summary>The deletes that marked rows: a row alone tells an upsert.</summary>
    private static ChangeBatch Marked(MergeTarget target, RecordBatch table, ChangeBatch rows, ChangeBatch baseline)
    {
        ShownRows shown = new(target, table);
        int[] broken = [.. Enumerable.Range(0, rows.Count).Where(row =>
            shown.IsDeleted(row) == shown.IsOpen(row) || (!shown.IsOpen(row) && shown.End(row).SequenceCompareTo(baseline.Orders[0]) > 0))];
        if (broken.Length > 0)
        {
            throw Error(
                target,
                ErrorCodes.TimelineBroken,
                FormattableString.Invariant($"{broken.Length} rows are deleted at no time, not deleted at a time, or deleted after the baseline"),
                KeyText.Samples(rows.Rows, target.Layout.Keys, broken));
        }

        List<int> marked = [.. Enumerable.Range(0, rows.Count).Where(shown.IsDeleted)];
        RecordBatch deletes = At(target, table, rows, marked, TargetColumns.DeletedAt);
        EncodedRows at = SequenceEncoding.Encode(deletes, target.Layout.Order);
        int[] cleared = [.. Enumerable.Range(0, marked.Count).Where(i => at[i].SequenceEqual(rows.Orders[marked[i]]))];
        RecordBatch all = ConcatKernel.Concat(target.Layout.Data, [baseline.Rows, deletes, TakeKernel.Take(rows.Rows, [.. cleared.Select(i => marked[i])])]);
        return new ChangeBatch(target.Layout, all, [EventKind.Baseline, .. marked.Select(static _ => EventKind.Delete), .. cleared.Select(static _ => ClearedKind)]);
    }

    private static ChangeBatch Untold(MergeTarget target, RecordBatch table, ChangeBatch rows, ChangeBatch baseline)
    {
        MergeLayout layout = target.Layout;
        ShownRows shown = new(target, table);
        int[] order = [.. Enumerable.Range(0, rows.Count).Where(row => !shown.IsDeleted(row))];
        System.Array.Sort(order, (a, b) => rows.Keys[a].SequenceCompareTo(rows.Keys[b]) is int key and not 0 ? key : shown.Start(a).SequenceCompareTo(shown.Start(b)));
        UInt128[] tracked = RowDigest.Compute(rows.Rows, layout.Tracked, DigestDomain.Event);
        List<int> heads = [];
        List<int> ends = [];
        List<int> broken = [];
        for (int i = 0; i < order.Length; i++)
        {
            int row = order[i];
            int next = i + 1 < order.Length && rows.Keys[row].SequenceEqual(rows.Keys[order[i + 1]]) ? order[i + 1] : -1;
            bool isOpen = shown.IsOpen(row);
            int untilNext = isOpen || next < 0 ? 1 : shown.Start(next).SequenceCompareTo(shown.End(row));
            bool isInside = shown.Start(row).SequenceCompareTo(rows.Orders[row]) <= 0 && (isOpen || rows.Orders[row].SequenceCompareTo(shown.End(row)) < 0);
            if (!isInside || untilNext < 0 || (isOpen && next >= 0))
            {
                broken.Add(row);
            }

            if (!shown.Start(row).SequenceEqual(rows.Orders[row]))
            {
                heads.Add(row);
            }

            // Periods that meet and agree on what is tracked are two only because there was a delete between them.
            if (!isOpen && (untilNext > 0 || (untilNext == 0 && tracked[row] == tracked[next])))
            {
                ends.Add(row);
            }
        }

        if (broken.Count > 0)
        {
            throw Error(
                target, ErrorCodes.TimelineBroken, FormattableString.Invariant($"{broken.Count} periods overlap, are empty, or do not hold their own sequence"), KeyText.Samples(rows.Rows, layout.Keys, broken));
        }

        int[] cleared = [.. Enumerable.Range(0, rows.Count).Where(row => shown.IsDeleted(row) && shown.Start(row).SequenceEqual(rows.Orders[row]))];
        RecordBatch clearedRows = TakeKernel.Take(rows.Rows, cleared);
        RecordBatch all = ConcatKernel.Concat(
            layout.Data,
            [baseline.Rows, At(target, table, rows, heads, target.Flow.History.Start), At(target, table, rows, ends, target.Flow.History.End), clearedRows, clearedRows]);
        EventKind[] kinds =
        [
            EventKind.Baseline, .. heads.Select(static _ => EventKind.Upsert), .. ends.Select(static _ => EventKind.Delete),
            .. cleared.Select(static _ => ClearedKind), .. cleared.Select(static _ => EventKind.Delete),
        ];
        return new ChangeBatch(layout, all, kinds);
    }

    /// <summary>Rows moved to the place in the order that one of their interval columns names.</summary>
    private static RecordBatch At(MergeTarget target, RecordBatch table, ChangeBatch rows, List<int> wanted, string column)
    {
        MergeLayout layout = target.Layout;
        RecordBatch taken = TakeKernel.Take(rows.Rows, [.. wanted]);
        IArrowArray positions = TakeKernel.Take(table.Column(table.Schema.PositionOf(column)), [.. wanted]);
        IArrowArray[] columns = [.. taken.Arrays];
        for (int i = 0; i < layout.Order.Length; i++)
        {
            columns[layout.Order[i]] = layout.Order.Length == 1 ? positions : ((StructArray)positions).Fields[i];
        }

        return new RecordBatch(layout.Data, columns, taken.Length);
    }

    private static LakehouseException Error(MergeTarget target, string code, string what, IReadOnlyList<string> keys) => new(
        code, $"Flow '{target.Flow.Name}' cannot adopt table {target.Table.Storage.Name}: {what}.")
    {
        Flow = target.Flow.Name,
        Table = target.Table.Storage.Name,
        Count = keys.Count,
        SampleKeys = keys,
    };
}
