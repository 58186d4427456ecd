using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>Collects, key by key, how the rows of the table change.</summary>
internal sealed class RowChanges(MergeTarget target, EventSources sources, ExistingRows existing, StateRecord[] records, TableEvents table)
{
    private const int FromTable = 0;
    private const int FromAdded = 1;

    private readonly ShownRows _shown = new(target, existing.Rows);
    private readonly StateChanges _state = new(target, sources, records, table);
    private readonly List<RowLocation> _removed = [];
    private readonly List<TimelineRun> _added = [];
    private readonly List<RowLocation?> _replaced = [];
    private readonly ChangeRows? _changes = target.Snapshot.TableProperties.EnableChangeDataFeed ? new() : null;

    public MergeCounts Counts { get; } = new();

    /// <summary>True for a row of a history that stands for the time after a delete.</summary>
    public bool IsMarked(int row) => target.Flow.IsHistory && _shown.IsDeleted(row);

    /// <summary>Takes the difference between a key's new timeline and what is stored of it.</summary>
    /// <param name="timeline">The new timeline.</param>
    /// <param name="shown">Rows of the table; those of a history ascending by start.</param>
    /// <param name="firstRecord">The key's records begin here.</param>
    /// <param name="endRecord">And end before here.</param>
    public void Add(Timeline timeline, int[] shown, int firstRecord, int endRecord)
    {
        List<TimelineEvent> retained = Retention.Of(timeline, sources, target.Flow, table.Horizon);
        IReadOnlyList<TimelineRun> runs = target.Flow.IsHistory ? timeline.Runs : LatestRow(timeline);
        Count(timeline, retained, runs.Count + shown.Length == 0);
        long changes = Counts.Inserted + Counts.Updated + Counts.Deleted;
        int next = 0;
        foreach (TimelineRun run in runs)
        {
            while (target.Flow.IsHistory && next < shown.Length && _shown.Start(shown[next]).SequenceCompareTo(sources.Position(run.Start)) < 0)
            {
                Remove(shown[next++]);
            }

            if (next < shown.Length && (!target.Flow.IsHistory || _shown.Start(shown[next]).SequenceEqual(sources.Position(run.Start))))
            {
                Replace(shown[next++], run);
            }
            else
            {
                Counts.Inserted++;
                Counts.Marked += run.IsMarked ? 1 : 0;
                _added.Add(run);
                _replaced.Add(null);
                _changes?.Insert(new RowRef(FromAdded, _added.Count - 1));
            }
        }

        while (next < shown.Length)
        {
            Remove(shown[next++]);
        }

        Counts.KeysUnchanged += changes == Counts.Inserted + Counts.Updated + Counts.Deleted ? 1 : 0;
        _state.Add(retained, runs, firstRecord, endRecord);
    }

    public MergePlan ToPlan(IReadOnlyList<int> tooLate)
    {
        if (target.Layout.KeepsLinks)
        {
            _state.AddMoves(tooLate);
        }

        RecordBatch added = RunRows.Build(target, sources, _added);
        (RecordBatch upserts, RecordBatch removals) = _state.ToBatches();
        Counts.TombstonesWritten = EventRecords.CountDeletes(upserts);
        return new MergePlan
        {
            Removed = _removed,
            Added = added,
            Replaced = _replaced,
            Changes = _changes?.ToBatch(target.Layout.Table, [existing.Rows, added]),
            StateUpserts = upserts,
            StateRemovals = removals,
            Counts = Counts,
            TooLate = tooLate,
        };
    }

    /// <summary>Type 1 shows what is open at the end.</summary>
    public static IReadOnlyList<TimelineRun> LatestRow(Timeline timeline) => timeline.Runs is [.., { End: null } last] ? [last] : [];

    private void Count(Timeline timeline, List<TimelineEvent> retained, bool wasAbsent)
    {
        if (timeline.Distinct is [{ IsNew: true } only] && timeline.Repeated.Count == 0 && retained.Count == 1)
        {
            Counts.Applied++;
            Counts.DeletesUnmatched += wasAbsent && !target.Flow.IsHistory && sources.IsDelete(only) ? 1 : 0;
            return;
        }

        Counts.AddTies(timeline.NewTies, sources);
        Counts.Duplicates += timeline.Repeated.Count(static e => e.IsNew);
        TimelineEvent? floor = target.Flow.IsHistory ? null : timeline.Floor;
        HashSet<TimelineEvent>? effective = retained.Count > 8 ? [.. retained] : null;
        int lastKnown = timeline.Distinct.FindLastIndex(static e => !e.IsNew);
        int lastOfKey = timeline.Distinct.FindLastIndex(static e => e.Source is TimelineEvent.Visible or TimelineEvent.Stored);
        for (int i = 0; i < timeline.Distinct.Count; i++)
        {
            TimelineEvent e = timeline.Distinct[i];
            if (!e.IsNew)
            {
                continue;
            }

            if (i < lastOfKey)
            {
                Counts.AddArrivedLate(e, sources);
            }

            if ((effective?.Contains(e) ?? retained.Contains(e)) && e != floor)
            {
                Counts.Applied++;
                Counts.DeletesUnmatched += wasAbsent && !target.Flow.IsHistory && sources.IsDelete(e) ? 1 : 0;
            }
            else if (i < lastKnown && !target.Flow.IsHistory)
            {
                Counts.Late++;
            }
            else
            {
                Counts.Superseded++;
            }
        }
    }

    private void Replace(int row, TimelineRun run)
    {
        if (_shown.Equals(row, run, sources))
        {
            return;
        }

        Counts.Updated++;
        Counts.Closed += target.Flow.IsHistory && _shown.IsOpen(row) && run.End is not null ? 1 : 0;
        Counts.Marked += run.IsMarked && !_shown.IsDeleted(row) ? 1 : 0;
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
}
