using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// What holds for every key while a batch is resolved: the truncates of the state and of the batch (semantics 2.33), horizon and baseline. All truncates are kept
/// and not only the greatest: an event that comes late ends at the first truncate after it.
/// </summary>
internal sealed class TableEvents
{
    /// <summary>True when the batch holds all there is to know of its keys.</summary>
    public required bool IsRebuild { get; init; }

    /// <summary>All truncates, each once.</summary>
    public required ChangeBatch Truncates { get; init; }

    /// <summary>Rows of the batch that the state gets.</summary>
    public required IReadOnlyList<int> Entering { get; init; }

    /// <summary>Records that the state loses.</summary>
    public required IReadOnlyList<StateRecord> Leaving { get; init; }

    /// <summary>Truncates of the batch that are too late, as what they would have cut is no longer known.</summary>
    public required IReadOnlyList<int> TooLate { get; init; }

    /// <summary>Truncates of the batch that are older than all rows of an adopted table; they change nothing.</summary>
    public required IReadOnlyList<int> Late { get; init; }

    /// <summary>Truncates of the batch that were known.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Events before it may be too late; null when there is none.</summary>
    public required ReadOnlyMemory<byte>? Horizon { get; init; }

    /// <summary>Events up to it are older than the rows the table was adopted with; null when it was not.</summary>
    public required ReadOnlyMemory<byte>? Baseline { get; init; }

    public static TableEvents Of(MergeTarget target, ChangeBatch batch, ResolveMode mode)
    {
        TableClocks clocks = target.Clocks;
        int[] stored = clocks.Rows(EventKind.Truncate);
        HashSet<byte[]> known = new(stored.Select(row => clocks.Events.Orders[row].ToArray()), ByteComparer.Instance);
        HashSet<byte[]> given = new(ByteComparer.Instance);
        List<int> entering = [];
        List<int> tooLate = [];
        List<int> late = [];
        long duplicates = 0;
        foreach (int row in Rows(batch, EventKind.Truncate))
        {
            byte[] order = batch.Orders[row].ToArray();
            bool isNew = given.Add(order) && !known.Contains(order);
            duplicates += isNew ? 0 : 1;
            if (isNew)
            {
                (mode != ResolveMode.Merge || !IsLate(target, order) ? entering : target.Flow.IsHistory ? tooLate : late).Add(row);
            }
        }

        int[] gone = mode == ResolveMode.Rebuild ? [.. stored.Where(row => !given.Contains(clocks.Events.Orders[row].ToArray()))] : [];
        RowRef[] truncates = [.. stored.Except(gone).Select(static row => new RowRef(0, row)), .. entering.Select(static row => new RowRef(1, row))];
        int[] clockRows = [.. Rows(batch, EventKind.Horizon), .. Rows(batch, EventKind.Baseline)];
        int[] replaced = [.. clockRows.SelectMany(row => clocks.Rows(batch.Kinds[row])).Distinct()];
        return new TableEvents
        {
            IsRebuild = mode == ResolveMode.Rebuild,
            Truncates = new ChangeBatch(
                target.Layout,
                InterleaveKernel.Interleave(target.Layout.Data, [clocks.Events.Rows, batch.Rows], truncates),
                [.. Enumerable.Repeat(EventKind.Truncate, truncates.Length)]),
            Entering = [.. entering, .. clockRows],
            Leaving = [.. gone.Concat(replaced).Select(row => clocks.Records[row])],
            TooLate = tooLate,
            Late = late,
            Duplicates = duplicates,
            Horizon = Rows(batch, EventKind.Horizon).Select(row => (ReadOnlyMemory<byte>?)batch.Orders.Memory(row)).FirstOrDefault() ?? target.Horizon,
            Baseline = clocks.Baseline,
        };
    }

    private static IEnumerable<int> Rows(ChangeBatch batch, EventKind kind) => Enumerable.Range(0, batch.Count).Where(row => batch.Kinds[row] == kind);

    private static bool IsLate(MergeTarget target, byte[] order) =>
        (target.Clocks.Baseline is { } baseline && order.AsSpan().SequenceCompareTo(baseline.Span) <= 0)
        || (target.Flow.IsHistory && target.Horizon is { } horizon && order.AsSpan().SequenceCompareTo(horizon.Span) < 0);
}
