using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// What is stored of each key of a batch, as far as the batch can change it. For a history that is the part from the last row that starts strictly before the
/// key's first new event: what lies before is settled, since a run begins at that row whatever comes after it, unless cells are inherited from before.
/// </summary>
internal sealed class KeyWindow
{
    /// <summary>Rows of the table by key; those of a history ascending by start.</summary>
    public required RowLocation[][] Rows { get; init; }

    /// <summary>Records of the state by key, in the order of events.</summary>
    public required StateRecord[][] Records { get; init; }

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.TargetKeyNotUnique"/>: the table holds a key of the batch twice (semantics 2.35).</exception>
    public static KeyWindow Find(MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode)
    {
        KeyWindow window = new() { Rows = new RowLocation[folded.Count][], Records = new StateRecord[folded.Count][] };
        List<RowLocation> rows = [];
        List<int> repeated = [];
        bool whole = mode == ResolveMode.Rebuild || target.Layout.KeepsLinks || target.Flow.DeleteMode == DeleteMode.Soft || target.Flow.UntrackedScope == UntrackedScope.AllVersions;
        for (int key = 0; key < folded.Count; key++)
        {
            int first = folded.Events(key)[0];
            rows.Clear();
            target.Index.Find(batch.KeyHashes[first], rows);
            IReadOnlyList<StateRecord> records = target.State.Find(batch.Keys[first]);
            if (target.Flow.IsHistory)
            {
                window.FindHistory(target, batch, folded.Events(key), key, rows, records, whole);
                continue;
            }

            rows.Sort();
            if (rows.Count > 1)
            {
                repeated.Add(first);
            }

            window.Rows[key] = [.. rows];
            window.Records[key] = [.. records];
        }

        return mode == ResolveMode.Merge && repeated.Count > 0 ? throw NotUnique(target, batch, repeated) : window;
    }

    private void FindHistory(
        MergeTarget target, ChangeBatch batch, ReadOnlySpan<int> events, int key, List<RowLocation> rows, IReadOnlyList<StateRecord> records, bool whole)
    {
        KeyIndex index = target.Index;
        rows.Sort((a, b) => index.Clock(a).SequenceCompareTo(index.Clock(b)) is int order and not 0 ? order : a.CompareTo(b));
        bool all = whole || batch.Kinds[events[0]] == EventKind.KeyOnly || HasPartial(target, records);
        foreach (int e in events)
        {
            all |= !batch.IsWhole(e);
        }

        int anchor = all ? -1 : Anchor(index, rows, batch.Positions[events[0]]);
        Rows[key] = [.. rows[Math.Max(anchor, 0)..]];
        ReadOnlyMemory<byte> from = anchor < 0 ? ReadOnlyMemory<byte>.Empty : index.Clock(rows[anchor]).ToArray();
        int keyLength = batch.Keys[events[0]].Length;
        Records[key] = [.. records.Where(r => r.Key.Span[keyLength..].SequenceCompareTo(from.Span) >= 0)];
    }

    private static int Anchor(KeyIndex index, List<RowLocation> byStart, ReadOnlySpan<byte> firstNew)
    {
        int anchor = -1;
        for (int i = 0; i < byStart.Count && index.Clock(byStart[i]).SequenceCompareTo(firstNew) < 0; i++)
        {
            anchor = i;
        }

        return anchor;
    }

    /// <summary>True when rows may show values from before the window.</summary>
    private static bool HasPartial(MergeTarget target, IReadOnlyList<StateRecord> records) =>
        records.Count > 0 && (System.Array.Exists(target.Layout.IsAdded, static added => added) || records.Any(r => EventRecords.IsPartial(target.State, r)));

    private static LakehouseException NotUnique(MergeTarget target, ChangeBatch batch, List<int> repeated) => new(
        ErrorCodes.TargetKeyNotUnique,
        FormattableString.Invariant($"Table {target.Table.Storage.Name} holds {repeated.Count} of the keys of this batch more than once; repair it with the Reconciler."))
    {
        Table = target.Table.Storage.Name,
        Flow = target.Flow.Name,
        Count = repeated.Count,
        SampleKeys = KeyText.Samples(batch.Rows, target.Layout.Keys, repeated),
    };
}
