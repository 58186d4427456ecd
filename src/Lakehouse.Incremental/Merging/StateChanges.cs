using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>Collects how the state changes: it holds the events that must be kept and that no row of the table tells.</summary>
internal sealed class StateChanges(MergeTarget target, EventSources sources, StateRecord[] records, TableEvents table)
{
    private readonly List<RowRef> _entering = [.. table.Entering.Select(static row => new RowRef(TimelineEvent.Batch, row))];
    private readonly List<RowRef> _leaving = [.. table.Leaving.Select(static record => record.Row)];

    /// <summary>Keeps that a key became another one, as long as the change itself was not too late.</summary>
    public void AddMoves(IReadOnlyList<int> tooLate)
    {
        ChangeBatch batch = sources.Lists[TimelineEvent.Batch];
        ChangeBatch stored = sources.Lists[TimelineEvent.Stored];
        Dictionary<(UInt128, UInt128, UInt128), int> known = Enumerable.Range(0, stored.Count)
            .Where(row => stored.Kinds[row] == EventKind.Move).ToDictionary(row => Move(stored, row));
        HashSet<(UInt128, UInt128, UInt128)> given = [];

        for (int row = 0; row < batch.Count; row++)
        {
            if (batch.Kinds[row] == EventKind.Move
                && !tooLate.Any(late => batch.KeyHashes[late] == batch.Links!.Hashes[row] && batch.Orders[late].SequenceEqual(batch.Orders[row]))
                && given.Add(Move(batch, row)) && !known.ContainsKey(Move(batch, row)))
            {
                _entering.Add(new RowRef(TimelineEvent.Batch, row));
            }
        }

        if (table.IsRebuild)
        {
            _leaving.AddRange(known.Where(move => !given.Contains(move.Key)).Select(move => records[move.Value].Row));
        }

        static (UInt128, UInt128, UInt128) Move(ChangeBatch list, int row) => (list.KeyHashes[row], Index.KeyHash.Of(list.Orders[row]), list.Links!.Hashes[row]);
    }

    /// <summary>Takes the difference between what is to be kept of a key and its records.</summary>
    public void Add(List<TimelineEvent> retained, IReadOnlyList<TimelineRun> runs, int firstRecord, int endRecord)
    {
        bool known = firstRecord < endRecord;
        HashSet<TimelineEvent>? kept = known ? [] : null;
        List<TimelineEvent>? entering = known ? [] : null;
        for (int i = 0; i < retained.Count; i++)
        {
            TimelineEvent e = retained[i];
            if (!IsTold(retained, i, runs))
            {
                kept?.Add(e);
                if (e.Source != TimelineEvent.Stored)
                {
                    entering?.Add(e);
                    _entering.Add(new RowRef(e.Source, e.Row));
                }
            }
        }

        for (int row = firstRecord; row < endRecord; row++)
        {
            TimelineEvent stored = new(TimelineEvent.Stored, row);
            bool isOfKey = sources.Lists[TimelineEvent.Stored].Kinds[row] < EventKind.Truncate;

            // A record that is replaced under the same key needs no removal.
            if (isOfKey && !kept!.Contains(stored) && !entering!.Exists(e => sources.CompareOrder(e, stored) == 0))
            {
                _leaving.Add(records[row].Row);
            }
        }
    }

    public (RecordBatch Upserts, RecordBatch Removals) ToBatches()
    {
        RecordBatch[] keys = [.. target.State.Batches.Select(KeyColumns)];
        return (EventRecords.Of(target.Layout, sources.Lists, _entering), InterleaveKernel.Interleave(target.State.Definition.KeySchema, keys, CollectionsMarshal.AsSpan(_leaving)));
    }

    /// <summary>True when a row of the table shows the event and nothing else, so that it can be read from there.</summary>
    private bool IsTold(List<TimelineEvent> retained, int at, IReadOnlyList<TimelineRun> runs)
    {
        TimelineEvent e = retained[at];
        ChangeBatch list = sources.Lists[e.Source];
        if (list.Kinds[e.Row] != EventKind.Upsert || !list.ReadsAsRow(e.Row) || list.Links?.Has(e.Row) == true)
        {
            return false;
        }

        foreach (TimelineRun run in runs)
        {
            if (run.Row.Top == e && (!run.IsMarked || !target.Flow.IsHistory))
            {
                return !IsTied(retained, at) && Shows(run.Row, e);
            }
        }

        return false;
    }

    private bool Shows(TimelineRow row, TimelineEvent e)
    {
        for (int cell = 0; row.Cells is not null && cell < row.Cells.Length; cell++)
        {
            TimelineEvent author = row.Cells[cell];
            if (author != e && (author != TimelineEvent.None || !sources.IsNull(e, cell)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsTied(List<TimelineEvent> retained, int at)
    {
        return Ties(-1) || Ties(1);

        // A delete may stand between a row of a snapshot and an upsert.
        bool Ties(int step)
        {
            int other = at + step;
            while (other >= 0 && other < retained.Count && sources.Order(retained[other]).SequenceEqual(sources.Order(retained[at])))
            {
                if (!sources.IsDelete(retained[other]))
                {
                    return true;
                }

                other += step;
            }

            return false;
        }
    }

    private RecordBatch KeyColumns(RecordBatch state)
    {
        Schema key = target.State.Definition.KeySchema;
        return new RecordBatch(key, key.FieldsList.Select(f => state.Column(state.Schema.PositionOf(f.Name))), state.Length);
    }
}
