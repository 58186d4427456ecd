using System.Runtime.InteropServices;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// SCD type 1: the row of a key is its greatest event by ORDER, absent when that is a delete (semantics 2.3, 2.4). What is stored of a key is compared
/// by the row's own sequence columns and digest, or by its tombstone.
/// </summary>
internal sealed class Type1Resolver : IMergeResolver
{
    public async Task<MergePlan> ResolveAsync(
        MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode, CancellationToken cancellationToken)
    {
        List<RowLocation> removed = [];
        RowLocation[] located = LocatedKeys.Find(target, batch, folded, mode, removed);
        List<RowLocation> wanted = [.. located.Where(l => l.File >= 0), .. removed];
        ExistingRows existing = await ExistingRows.ReadAsync(target.Table, target.Snapshot, target.Index, wanted, cancellationToken).ConfigureAwait(false);
        return new Run(target, batch, folded, mode, existing, removed).Resolve(located);
    }

    /// <summary>The resolution of one batch.</summary>
    private sealed class Run(
        MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode, ExistingRows existing, List<RowLocation> removed)
    {
        private const int FromBatch = 0;
        private const int FromTable = 1;

        private readonly ChangeBatch _stored = new(existing.Rows, new bool[existing.Rows.Length], target.Layout.Keys, target.Layout.Sequence);
        private readonly MergeCounts _counts = new() { RowsIn = batch.Count, Duplicates = folded.Duplicates, Ties = folded.Ties };
        private readonly List<RowRef> _added = [];
        private readonly List<RowLocation?> _replaced = [];
        private readonly List<RowRef> _tombstones = [];
        private readonly List<RowRef> _overtaken = [];
        private readonly ChangeRows? _changes = target.Snapshot.TableProperties.EnableChangeDataFeed ? new() : null;

        public MergePlan Resolve(RowLocation[] located)
        {
            foreach (RowLocation surplus in removed)
            {
                _changes?.Delete(new RowRef(FromTable, existing.IndexOf(surplus)));
                _counts.Deleted++;
            }

            for (int key = 0; key < folded.Count; key++)
            {
                ResolveKey(folded.Events(key), located[key]);
            }

            RecordBatch[] sources = [batch.Rows, existing.Rows];
            return new MergePlan
            {
                Removed = removed,
                Added = InterleaveKernel.Interleave(target.Layout.Table, sources, CollectionsMarshal.AsSpan(_added)),
                Replaced = _replaced,
                Changes = _changes?.ToBatch(target.Layout.Table, sources),
                StateUpserts = StateColumns(_tombstones),
                StateRemovals = InterleaveKernel.Interleave(target.Layout.StateKey, target.State.Batches, CollectionsMarshal.AsSpan(_overtaken)),
                Counts = _counts,
            };
        }

        private void ResolveKey(ReadOnlySpan<int> events, RowLocation location)
        {
            ReadOnlySpan<byte> keyBytes = batch.Keys[events[0]];
            int row = location.File < 0 ? -1 : existing.IndexOf(location);
            if (row >= 0 && !_stored.Keys[row].SequenceEqual(keyBytes))
            {
                row = -1;
            }

            IReadOnlyList<StateRecord> records = target.State.Find(keyBytes);
            StateRecord? tombstone = records.Count > 0 ? records[^1] : null;
            if (mode == ResolveMode.Rebuild)
            {
                Rebuild(events, location, row, tombstone);
                return;
            }

            foreach (int e in events[..^1])
            {
                Count(e, row, tombstone, isLast: false);
            }

            if (Count(events[^1], row, tombstone, isLast: true))
            {
                Apply(events[^1], location, row, tombstone);
            }
        }

        private void Rebuild(ReadOnlySpan<int> events, RowLocation location, int row, StateRecord? tombstone)
        {
            if (batch.IsPhantom?[events[0]] == true)
            {
                _counts.Applied++;
                Retire(location, row);
                Forget(tombstone);
                return;
            }

            _counts.Superseded += events.Length - 1;
            _counts.Applied++;
            int winner = events[^1];
            bool same = batch.IsDelete[winner]
                ? row < 0 && tombstone is { } t && Suffix(t, batch.Keys[winner]).SequenceEqual(batch.Sequences[winner])
                : row >= 0 && tombstone is null && _stored.Digests[row] == batch.Digests[winner];
            if (!same)
            {
                Apply(winner, location, row, tombstone);
            }
        }

        /// <summary>Accounts for one event; true when it is greater than what is stored.</summary>
        private bool Count(int e, int row, StateRecord? tombstone, bool isLast)
        {
            int order = CompareToStored(e, row, tombstone, out bool tie);
            _counts.Ties += tie ? 1 : 0;
            switch (order)
            {
                case 0: _counts.Duplicates++; break;
                case < 0: _counts.Late++; break;
                default:
                    _counts.Applied += isLast ? 1 : 0;
                    _counts.Superseded += isLast ? 0 : 1;
                    break;
            }

            return order > 0;
        }

        private int CompareToStored(int e, int row, StateRecord? tombstone, out bool tie)
        {
            int order = 1;
            tie = false;
            if (row >= 0)
            {
                int bySequence = batch.Sequences[e].SequenceCompareTo(_stored.Sequences[row]);
                order = bySequence != 0 ? bySequence : ChangeBatch.CompareAtOneSequence(batch.IsDelete[e], batch.Digests[e], false, _stored.Digests[row]);
                tie = bySequence == 0 && order != 0;
            }

            if (tombstone is { } t && order > 0)
            {
                int bySequence = batch.Sequences[e].SequenceCompareTo(Suffix(t, batch.Keys[e]));
                order = bySequence != 0 ? bySequence : ChangeBatch.CompareAtOneSequence(batch.IsDelete[e], batch.Digests[e], true, default);
                tie |= bySequence == 0 && order != 0;
            }

            return order;
        }

        private void Apply(int winner, RowLocation location, int row, StateRecord? tombstone)
        {
            if (batch.IsDelete[winner])
            {
                _counts.DeletesUnmatched += row < 0 ? 1 : 0;
                Retire(location, row);
                if (tombstone is { } same && Suffix(same, batch.Keys[winner]).SequenceEqual(batch.Sequences[winner]))
                {
                    return;
                }

                _tombstones.Add(new RowRef(FromBatch, winner));
            }
            else
            {
                _added.Add(new RowRef(FromBatch, winner));
                _replaced.Add(row >= 0 ? location : null);
                if (row >= 0)
                {
                    removed.Add(location);
                    _changes?.Update(new RowRef(FromTable, row), new RowRef(FromBatch, winner));
                    _counts.Updated++;
                }
                else
                {
                    _changes?.Insert(new RowRef(FromBatch, winner));
                    _counts.Inserted++;
                }
            }

            Forget(tombstone);
        }

        private void Retire(RowLocation location, int row)
        {
            if (row >= 0)
            {
                removed.Add(location);
                _changes?.Delete(new RowRef(FromTable, row));
                _counts.Deleted++;
            }
        }

        private void Forget(StateRecord? tombstone)
        {
            if (tombstone is { } t)
            {
                _overtaken.Add(t.Row);
            }
        }

        private RecordBatch StateColumns(List<RowRef> events)
        {
            int[] positions = [.. target.Layout.Keys, .. target.Layout.Sequence];
            RecordBatch narrow = new(target.Layout.StateKey, positions.Select(batch.Rows.Column), batch.Rows.Length);
            return InterleaveKernel.Interleave(target.Layout.StateKey, [narrow], CollectionsMarshal.AsSpan(events));
        }

        private static ReadOnlySpan<byte> Suffix(StateRecord record, ReadOnlySpan<byte> key) => record.Key.Span[key.Length..];
    }
}
