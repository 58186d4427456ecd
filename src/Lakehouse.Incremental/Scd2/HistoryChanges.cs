using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Scd2;

/// <summary>Collects, key by key, how the rows and the hidden records of a history table change.</summary>
internal sealed class HistoryChanges(
    MergeTarget target, ChangeBatch[] lists, ExistingRows existing, EventSources sources, StateRecord[] records)
{
    private const int FromTable = 0;
    private const int FromAdded = 1;

    private readonly EncodedRows _starts = SequenceEncoding.Encode(existing.Rows, IntervalColumns.Start);
    private readonly EncodedRows _ends = SequenceEncoding.Encode(existing.Rows, IntervalColumns.End);
    private readonly IArrowArray _endColumn = existing.Rows.Column(existing.Rows.Schema.PositionOf(IntervalColumns.End));
    private readonly IArrowArray _currentColumn = existing.Rows.Column(existing.Rows.Schema.PositionOf(IntervalColumns.IsCurrent));
    private readonly List<RowLocation> _removed = [];
    private readonly List<TimelineRun> _added = [];
    private readonly List<RowLocation?> _replaced = [];
    private readonly List<TimelineEvent> _hide = [];
    private readonly List<RowRef> _unhide = [];
    private readonly ChangeRows? _changes = target.Snapshot.TableProperties.EnableChangeDataFeed ? new() : null;

    public MergeCounts Counts { get; } = new();

    /// <summary>Takes the difference between a key's new timeline and what is stored of it.</summary>
    /// <param name="timeline">The new timeline.</param>
    /// <param name="shown">Rows of the table, ascending by start.</param>
    /// <param name="hiddenStart">The key's hidden records begin here.</param>
    /// <param name="hiddenEnd">And end before here.</param>
    public void Add(Timeline timeline, int[] shown, int hiddenStart, int hiddenEnd)
    {
        CountEvents(timeline);
        int next = 0;
        foreach (TimelineRun run in timeline.Runs)
        {
            while (next < shown.Length && _starts[shown[next]].SequenceCompareTo(sources.Sequence(run.Head)) < 0)
            {
                Remove(shown[next++]);
            }

            if (next < shown.Length && _starts[shown[next]].SequenceEqual(sources.Sequence(run.Head)))
            {
                Replace(shown[next++], run);
            }
            else
            {
                Counts.Inserted++;
                _added.Add(run);
                _replaced.Add(null);
                _changes?.Insert(new RowRef(FromAdded, _added.Count - 1));
            }
        }

        while (next < shown.Length)
        {
            Remove(shown[next++]);
        }

        DiffHidden(timeline.Hidden, hiddenStart, hiddenEnd);
    }

    public MergePlan ToPlan()
    {
        RecordBatch added = BuildRows();
        RecordBatch upserts = BuildHidden();
        return new MergePlan
        {
            Removed = _removed,
            Added = added,
            Replaced = _replaced,
            Changes = _changes?.ToBatch(target.Layout.Table, [existing.Rows, added]),
            StateUpserts = upserts,
            StateRemovals = InterleaveKernel.Interleave(
                target.Layout.StateKey, [.. target.State.Batches.Select(KeyColumns)], CollectionsMarshal.AsSpan(_unhide)),
            Counts = Counts,
        };
    }

    private void CountEvents(Timeline timeline)
    {
        Counts.Ties += timeline.NewTies;
        Counts.Duplicates += timeline.Repeated.Count(IsNew);
        Counts.Superseded += timeline.Superseded.Count(IsNew);
        Counts.Applied += timeline.Runs.Count(r => IsNew(r.Last)) + timeline.Hidden.Count(IsNew);

        static bool IsNew(TimelineEvent e) => e.Source == TimelineEvent.Batch;
    }

    private void Replace(int row, TimelineRun run)
    {
        bool sameEnd = run.End is { } end
            ? !_endColumn.IsNull(row) && _ends[row].SequenceEqual(sources.Sequence(end))
            : _endColumn.IsNull(row);
        bool sameMark = ((BooleanArray)_currentColumn).GetValue(row) == run.End is null;
        if (sameEnd && sameMark && sources.CompareOrder(new TimelineEvent(TimelineEvent.Visible, row), run.Last) == 0)
        {
            return;
        }

        Counts.Updated++;
        _removed.Add(existing.Location(row));
        _added.Add(run);
        _replaced.Add(existing.Location(row));
        _changes?.Update(new RowRef(FromTable, row), new RowRef(FromAdded, _added.Count - 1));
    }

    private void Remove(int row)
    {
        Counts.Deleted++;
        _removed.Add(existing.Location(row));
        _changes?.Delete(new RowRef(FromTable, row));
    }

    private void DiffHidden(List<TimelineEvent> hidden, int start, int end)
    {
        HashSet<TimelineEvent> kept = [.. hidden.Where(e => e.Source == TimelineEvent.Hidden)];
        List<TimelineEvent> entering = [.. hidden.Where(e => e.Source != TimelineEvent.Hidden)];
        _hide.AddRange(entering);
        for (int row = start; row < end; row++)
        {
            TimelineEvent stored = new(TimelineEvent.Hidden, row);

            // A record that is replaced under the same key needs no removal.
            if (!kept.Contains(stored) && !entering.Exists(e => IsSameRecord(e, stored)))
            {
                _unhide.Add(records[row].Row);
            }
        }
    }

    private bool IsSameRecord(TimelineEvent a, TimelineEvent b) =>
        sources.IsDelete(a) == sources.IsDelete(b) && sources.Sequence(a).SequenceEqual(sources.Sequence(b));

    private RecordBatch BuildRows()
    {
        MergeLayout layout = target.Layout;
        RecordBatch[] data = [.. lists.Select(l => l.Rows)];
        RecordBatch values = InterleaveKernel.Interleave(layout.Data, data, Refs(_added.Select(r => (TimelineEvent?)r.Last)));
        IArrowArray starts = SequenceColumn(IntervalColumns.Start, data, Refs(_added.Select(r => (TimelineEvent?)r.Head)));
        IArrowArray ends = SequenceColumn(IntervalColumns.End, data, Refs(_added.Select(r => r.End)));
        IArrowArray current = ManagedCopy.Copy(new BooleanArray.Builder().AppendRange(_added.Select(r => r.End is null)).Build());
        int next = 0;
        return new RecordBatch(
            layout.Table,
            layout.Table.FieldsList.Select(f => f.Name switch
            {
                IntervalColumns.Start => starts,
                IntervalColumns.End => ends,
                IntervalColumns.IsCurrent => current,
                _ => values.Column(next++),
            }),
            _added.Count);
    }

    private IArrowArray SequenceColumn(string column, RecordBatch[] data, RowRef[] rows)
    {
        IArrowArray[] parts = [.. target.Layout.Sequence.Select(c =>
            InterleaveKernel.Interleave(target.Layout.Data.GetFieldByIndex(c).DataType, [.. data.Select(d => d.Column(c))], rows))];
        if (target.Layout.Table.GetFieldByName(column).DataType is not StructType composite)
        {
            return parts[0];
        }

        byte[] validity = new byte[(rows.Length + 7) / 8];
        for (int row = 0; row < rows.Length; row++)
        {
            BitUtility.SetBit(validity, row, rows[row] != RowRef.Null);
        }

        return new StructArray(composite, rows.Length, parts, new ArrowBuffer(validity), rows.Count(r => r == RowRef.Null));
    }

    /// <summary>Deletes are kept without values: deletes at one sequence are one event, and which of them came first must not show.</summary>
    private RecordBatch BuildHidden()
    {
        Schema schema = target.State.Definition.Schema;
        Schema key = target.Layout.StateKey;
        RecordBatch[] data = [.. lists.Select(l => l.Rows)];
        RowRef[] rows = Refs(_hide.Select(e => (TimelineEvent?)e));
        RowRef[] upserts = Refs(_hide.Select(e => sources.IsDelete(e) ? null : (TimelineEvent?)e));
        IArrowArray kinds = ManagedCopy.Copy(
            new Int8Array.Builder().AppendRange(_hide.Select(e => sources.IsDelete(e) ? HiddenKind.Delete : HiddenKind.Upsert)).Build());
        return new RecordBatch(
            schema,
            schema.FieldsList.Select(f => f.Name == MergeLayout.Kind
                ? kinds
                : InterleaveKernel.Interleave(
                    f.DataType, [.. data.Select(d => d.Column(d.Schema.PositionOf(f.Name)))], key.PositionOf(f.Name) >= 0 ? rows : upserts)),
            _hide.Count);
    }

    private RecordBatch KeyColumns(RecordBatch state)
    {
        Schema key = target.Layout.StateKey;
        return new RecordBatch(key, key.FieldsList.Select(f => state.Column(state.Schema.PositionOf(f.Name))), state.Length);
    }

    private static RowRef[] Refs(IEnumerable<TimelineEvent?> events) => [.. events.Select(e => e is { } x ? new RowRef(x.Source, x.Row) : RowRef.Null)];
}
