using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>What holds for every key of a table: its truncates, and below which place in the order events are too late. Kept in the state without key.</summary>
internal sealed class TableClocks
{
    private TableClocks(ChangeBatch events, IReadOnlyList<StateRecord> records)
    {
        Events = events;
        Records = records;
    }

    /// <summary>The records as events.</summary>
    public ChangeBatch Events { get; }

    public IReadOnlyList<StateRecord> Records { get; }

    /// <summary>Events before it may be too late (semantics 2.4); null when nothing was collected.</summary>
    public ReadOnlyMemory<byte>? Horizon => Greatest(EventKind.Horizon);

    /// <summary>The clock of the rows the table held when it was adopted; null when it was not.</summary>
    public ReadOnlyMemory<byte>? Baseline => Greatest(EventKind.Baseline);

    public static TableClocks Of(MergeTarget target)
    {
        StateRecord[] records = [.. target.State.Find(NoKey(target.Layout)).Where(r => EventRecords.KindOf(target.State, r) is EventKind.Truncate or EventKind.Horizon or EventKind.Baseline)];
        return new TableClocks(EventRecords.ToEvents(target, records), records);
    }

    /// <summary>Which of the events are of a kind.</summary>
    public int[] Rows(EventKind kind) => [.. Enumerable.Range(0, Events.Count).Where(row => Events.Kinds[row] == kind)];

    /// <summary>A row of the target's data columns without key.</summary>
    private static ReadOnlySpan<byte> NoKey(MergeLayout layout)
    {
        IEnumerable<IArrowArray> nulls = layout.Keys.Select(k => NullArrays.Create(layout.Data.GetFieldByIndex(k).DataType, 1));
        RecordBatch row = new(new Schema([.. layout.Keys.Select(layout.Data.GetFieldByIndex)], null), nulls, 1);
        return Index.SequenceEncoding.Encode(row, Enumerable.Range(0, layout.Keys.Length).ToArray())[0];
    }

    private ReadOnlyMemory<byte>? Greatest(EventKind kind)
    {
        ReadOnlyMemory<byte>? greatest = null;
        for (int row = 0; row < Events.Count; row++)
        {
            if (Events.Kinds[row] == kind && (greatest is not { } g || Events.Orders[row].SequenceCompareTo(g.Span) > 0))
            {
                greatest = Events.Orders.Memory(row);
            }
        }

        return greatest;
    }
}
