using Apache.Arrow;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>One reconciliation of an aggregate table with a recompute of its groups from all rows of the input at the version it has consumed.</summary>
internal sealed class AggregateReconciliation(AggregateFlow flow, DeltaTable input, DeltaTable target, ReconcileOptions options)
{
    private readonly AggregateTarget _session = flow.Session(target);
    private readonly DriftCounter _found = new(options.MaxSamples);

    public async Task<ReconcileReport> RunAsync(CancellationToken cancellationToken)
    {
        await _session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Snapshot latest = await input.RefreshAsync(cancellationToken).ConfigureAwait(false);
            Snapshot snapshot = await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
            await _session.SyncAsync(latest, snapshot, cancellationToken).ConfigureAwait(false);
            long consumed = snapshot.TransactionVersion(flow.AppId(latest.TableId)) ?? -1;
            Snapshot source = consumed < 0 ? latest : await input.SnapshotAtAsync(consumed, cancellationToken).ConfigureAwait(false);
            return await CompareAsync(snapshot, source, consumed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _session.Gate.Release();
        }
    }

    private async Task<ReconcileReport> CompareAsync(Snapshot snapshot, Snapshot source, long consumed, CancellationToken cancellationToken)
    {
        AggregateLayout layout = _session.Layout;
        GroupTable groups = await RecomputeAsync(layout, source, consumed, cancellationToken).ConfigureAwait(false);
        Group[] all = [.. groups.InOrder];
        RowSet expected = new(layout.GroupPositions);
        expected.Add(GroupRows.Publish(layout, all, groups.Samples));
        RowSet actual = new(layout.GroupPositions);
        await foreach (RecordBatch rows in target.ReadAsync(new ReadOptions { Version = snapshot.Version }, cancellationToken).ConfigureAwait(false))
        {
            actual.Add(rows);
        }

        RowSet expectedState = new(layout.GroupPositions);
        expectedState.Add(GroupRows.State(layout, all, groups.Samples));
        RowSet actualState = new(layout.GroupPositions);
        actualState.Add(InterleaveKernel.Interleave(layout.State.Schema, _session.State.Batches, [.. _session.State.All.Select(r => r.Row)]));

        Dictionary<UInt128, Drift> drift = RowSetComparison.Compare(expected, actual, out int differing);
        Dictionary<UInt128, Drift> stateDrift = RowSetComparison.Compare(expectedState, actualState, out _);
        _found.Add(drift, expected, actual);
        _found.AddState(stateDrift.Where(d => !drift.ContainsKey(d.Key)), expectedState, actualState);
        options.Progress?.Report(1);
        long? repaired = options.Mode == ReconcileMode.Repair && drift.Count + stateDrift.Count > 0
            ? await RepairAsync(groups, [(drift, actual), (stateDrift, actualState)], source, consumed, cancellationToken).ConfigureAwait(false)
            : null;
        return _found.ToReport() with
        {
            InputVersion = consumed,
            TargetVersion = snapshot.Version,
            ExpectedRows = expected.Count,
            ActualRows = actual.Count,
            Buckets = BucketChecksums.Count,
            DifferingBuckets = differing,
            RepairVersion = repaired,
        };
    }

    private async Task<GroupTable> RecomputeAsync(AggregateLayout layout, Snapshot source, long consumed, CancellationToken cancellationToken)
    {
        GroupTable groups = new(layout, state: null);
        if (consumed < 0)
        {
            return groups;
        }

        await foreach (RecordBatch rows in AggregateChanges.ReadAllAsync(input, source, layout.Input, cancellationToken).ConfigureAwait(false))
        {
            groups.Add(rows, AggregateChanges.Ones(rows.Length), 1);
        }

        if (layout.Groups.Count == 0)
        {
            groups.Touch(new RecordBatch(layout.Input, layout.Input.FieldsList.Select(f => NullArrays.Create(f.DataType, 1)), 1), 0);
        }

        return groups;
    }

    /// <summary>Publishes the drifted groups anew; groups that must not be there go with rows and state.</summary>
    private async Task<long?> RepairAsync(
        GroupTable groups, IReadOnlyList<(Dictionary<UInt128, Drift> Drift, RowSet Actual)> found, Snapshot source, long consumed, CancellationToken cancellationToken)
    {
        HashSet<UInt128> drifted = [.. found.SelectMany(f => f.Drift.Keys)];
        foreach (Group right in groups.InOrder.Where(g => !drifted.Contains(KeyHash.Of(g.Key))).ToArray())
        {
            groups.Remove(right.Key);
        }

        foreach ((Dictionary<UInt128, Drift> drift, RowSet actual) in found)
        {
            foreach (Drift wrong in drift.Values.Where(d => d.InActual))
            {
                groups.Touch(actual.Batches[wrong.Row.Batch], wrong.Row.Row);
            }
        }

        SetTransaction transaction = new(flow.AppId(source.TableId), consumed);
        (MergePlan Plan, long? Version)? repaired = await AggregateCommitter.CommitAsync(
            _session,
            source,
            transaction,
            consumed,
            token => AggregatePlanner.PlanAsync(_session, groups, new MergeCounts(), token),
            plan => AggregateCommitter.Audit(flow.Configuration, source.TableId, -1, consumed, "Reconciliation", plan.Counts, null),
            cancellationToken).ConfigureAwait(false);
        return repaired is { } done
            ? done.Version
            : throw new CommitConflictException(ErrorCodes.CommitConflict, $"Flow '{flow.Name}': another writer updated {target.Storage.Name} during the repair; run it again.")
            {
                Flow = flow.Name,
                Table = target.Storage.Name,
            };
    }
}
