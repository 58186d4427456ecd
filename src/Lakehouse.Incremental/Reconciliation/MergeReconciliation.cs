using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Lineage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>
/// One reconciliation of a merge target. What the table must hold is computed by resolving the full staging history against nothing, so it owes nothing
/// to what the table holds. Keys go in passes, by hash, to bound memory.
/// </summary>
internal sealed class MergeReconciliation(MergeFlow flow, StagingTable staging, DeltaTable target, ReconcileOptions options)
{
    private readonly MergeTarget _session = flow.Session(target);
    private readonly DriftCounter _found = new(options.MaxSamples);
    private long _expectedRows;
    private long _actualRows;
    private int _differingBuckets;
    private long? _repairVersion;

    public async Task<ReconcileReport> RunAsync(CancellationToken cancellationToken)
    {
        await _session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Snapshot snapshot = await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
            await _session.SyncAsync(snapshot, cancellationToken).ConfigureAwait(false);
            string stagingId = (await staging.Table.RefreshAsync(cancellationToken).ConfigureAwait(false)).TableId;
            CheckSources(snapshot, stagingId);
            long consumed = snapshot.TransactionVersion(flow.AppId(stagingId)) ?? -1;
            int passes = 1;
            if (consumed >= 0 && !_session.Layout.KeepsLinks)
            {
                Snapshot source = await staging.Table.SnapshotAtAsync(consumed, cancellationToken).ConfigureAwait(false);
                passes = (int)Math.Max(1, Math.Ceiling((source.RowCount ?? 0) / (double)options.MaxEventsPerPass));
            }

            for (int pass = 0; pass < passes; pass++)
            {
                await RunPassAsync(snapshot, stagingId, consumed, pass, passes, cancellationToken).ConfigureAwait(false);
                options.Progress?.Report((pass + 1) / (double)passes);
            }

            return Report(snapshot.Version, consumed, passes);
        }
        finally
        {
            _session.Gate.Release();
        }
    }

    /// <summary>What did not come from the staging table would be taken for drift, and repaired away.</summary>
    private void CheckSources(Snapshot snapshot, string stagingId)
    {
        string own = flow.AppId(stagingId);
        string prefix = flow.AppId("");
        string? other = snapshot.Transactions.Keys.FirstOrDefault(id => id.StartsWith(prefix, StringComparison.Ordinal) && !string.Equals(id, own, StringComparison.Ordinal));
        string? why = _session.Clocks.Baseline is not null ? "was adopted"
            : other is not null ? $"has also merged '{other[prefix.Length..]}' ('batches' are those with numbers, 'snapshots' complete snapshots, all others staging tables by their id)"
            : null;
        if (why is not null)
        {
            throw new LakehouseException(
                ErrorCodes.InvalidConfiguration, $"Flow '{flow.Name}': table {target.Storage.Name} {why}, so its rows do not all come from the staging table.")
            {
                Flow = flow.Name,
                Table = target.Storage.Name,
            };
        }
    }

    private async Task RunPassAsync(Snapshot snapshot, string stagingId, long consumed, int pass, int passes, CancellationToken cancellationToken)
    {
        MergeLayout layout = _session.Layout;
        PreparedInput prepared = await HistoryAsync(snapshot, consumed, pass, passes, cancellationToken).ConfigureAwait(false);
        MergePlan plan = await KeyedResolver
            .ResolveAsync(MergeTarget.Empty(_session), prepared, ResolveMode.Rebuild, cancellationToken).ConfigureAwait(false);

        RowSet expected = new([.. layout.Keys.Select(k => layout.DataColumns[k])]);
        expected.Add(plan.Added);
        RowSet actual = new(expected.KeyColumns);
        await foreach (RecordBatch rows in target.ReadAsync(new ReadOptions { Version = snapshot.Version }, cancellationToken).ConfigureAwait(false))
        {
            actual.Add(OfPass(rows, expected.KeyColumns, pass, passes));
        }

        int[] stateKeys = [.. Enumerable.Range(0, layout.State.GroupColumns)];
        RowSet expectedState = new(stateKeys);
        expectedState.Add(OfPass(plan.StateUpserts, stateKeys, pass, passes));
        RowSet actualState = new(stateKeys);
        actualState.Add(OfPass(StateRows(), stateKeys, pass, passes));

        Dictionary<UInt128, Drift> drift = RowSetComparison.Compare(expected, actual, out int differing);
        Dictionary<UInt128, Drift> stateDrift = RowSetComparison.Compare(expectedState, actualState, out _);
        _expectedRows += expected.Count;
        _actualRows += actual.Count;
        _differingBuckets += differing;
        _found.Add(drift, expected, actual);
        _found.AddState(stateDrift.Where(d => !drift.ContainsKey(d.Key)), expectedState, actualState);
        HashSet<UInt128> keys = [.. drift.Keys, .. stateDrift.Keys];
        if (options.Mode == ReconcileMode.Repair && keys.Count > 0)
        {
            await RepairAsync(prepared, keys, [(drift, actual), (stateDrift, actualState)], stagingId, consumed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The events staged up to the consumed version that concern keys of the pass, and what holds for all keys.</summary>
    private async Task<PreparedInput> HistoryAsync(Snapshot snapshot, long consumed, int pass, int passes, CancellationToken cancellationToken)
    {
        MergeConfiguration configuration = flow.Configuration;
        QuarantineTable? quarantine = _session.Horizon is null ? null : configuration.Quarantine;
        List<ChangeBatch> parts = [];
        if (consumed >= 0)
        {
            await foreach (RecordBatch rows in staging.Table.ReadAsync(new ReadOptions { Version = consumed }, cancellationToken).ConfigureAwait(false))
            {
                RecordBatch events = quarantine is null
                    ? rows
                    : await quarantine.WithoutTooLateAsync(configuration.Name, snapshot.TableId, rows, cancellationToken).ConfigureAwait(false);
                MergeInput input = new() { Events = [events], Audit = new BatchAudit { Flow = flow.Name, Batch = "full history" } };
                ChangeBatch batch = (await PreparedInput.OfAsync(_session, input, cancellationToken).ConfigureAwait(false)).Batch;
                parts.Add(batch.Where(row => batch.Kinds[row] == EventKind.Truncate || IsOfPass(batch.KeyHashes[row], pass, passes)));
            }
        }

        return PreparedInput.Of(_session.Layout, new NormalizedEvents(ChangeBatch.Concat(_session.Layout, parts), [], []));
    }

    private static bool IsOfPass(UInt128 key, int pass, int passes) => (int)((ulong)key % (ulong)passes) == pass;

    private static RecordBatch OfPass(RecordBatch rows, int[] keys, int pass, int passes)
    {
        if (passes == 1)
        {
            return rows;
        }

        UInt128[] hashes = KeyHash.Of(SequenceEncoding.Encode(rows, keys));
        bool[] keep = [.. hashes.Select(h => IsOfPass(h, pass, passes))];
        return FilterKernel.Filter(rows, keep);
    }

    private RecordBatch StateRows()
    {
        // Horizon and baseline come from no event.
        RowRef[] rows = [.. _session.State.All.Where(r => EventRecords.KindOf(_session.State, r) is not (EventKind.Horizon or EventKind.Baseline)).Select(static r => r.Row)];
        return InterleaveKernel.Interleave(_session.Layout.State.Schema, _session.State.Batches, rows);
    }

    /// <summary>Replaces rows and state of the drifted keys by what their events say, through the engine.</summary>
    private async Task RepairAsync(
        PreparedInput history, HashSet<UInt128> keys, IReadOnlyList<(Dictionary<UInt128, Drift> Drift, RowSet Actual)> found, string stagingId, long consumed, CancellationToken cancellationToken)
    {
        bool[] keep = [.. history.Batch.KeyHashes.Select((hash, row) => _session.Layout.KeepsLinks || keys.Contains(hash) || history.Batch.Kinds[row] == EventKind.Truncate)];
        HashSet<UInt128> withEvents = [.. history.Batch.KeyHashes.Where(keys.Contains)];
        string appId = flow.AppId(stagingId);
        ChangeBatch selected = history.Select(keep, KeysWithoutEvents(found, withEvents));
        MergeInput input = new()
        {
            Events = [],
            Select = (_, _) => Task.FromResult(NormalizedEvents.Derived(selected)),
            Mode = ResolveMode.Rebuild,
            Transaction = new SetTransaction(appId, consumed),
            Follows = MergeInput.After(appId, consumed),
            Audit = new BatchAudit { Flow = flow.Name, Batch = "reconciliation", Origin = BatchAudit.Reconciliation, InputTable = stagingId, InputFromVersion = -1, InputToVersion = consumed },
        };
        MergeStep? repaired = await MergeCommitter.ApplyAsync(_session, input, cancellationToken).ConfigureAwait(false);
        _repairVersion = repaired is { } done
            ? done.Version
            : throw new CommitConflictException(ErrorCodes.CommitConflict, $"Flow '{flow.Name}': another writer merged into {target.Storage.Name} during the repair; run it again.")
            {
                Flow = flow.Name,
                Table = target.Storage.Name,
            };
    }

    /// <summary>The drifted keys that have no events.</summary>
    private RecordBatch KeysWithoutEvents(IReadOnlyList<(Dictionary<UInt128, Drift> Drift, RowSet Actual)> found, HashSet<UInt128> withEvents)
    {
        MergeLayout layout = _session.Layout;
        Schema keys = new([.. layout.Keys.Select(layout.Data.GetFieldByIndex)], null);
        List<RecordBatch> parts = [];
        HashSet<UInt128> done = [.. withEvents];
        foreach ((Dictionary<UInt128, Drift> drift, RowSet actual) in found)
        {
            RowRef[] rows = [.. drift.Where(d => d.Value.InActual && done.Add(d.Key)).Select(d => d.Value.Row)];
            IArrowArray[] columns = [.. actual.KeyColumns.Select((column, i) => InterleaveKernel.Interleave(
                keys.GetFieldByIndex(i).DataType, [.. actual.Batches.Select(b => b.Column(column))], rows))];
            parts.Add(new RecordBatch(keys, columns, rows.Length));
        }

        return ConcatKernel.Concat(keys, parts);
    }

    private ReconcileReport Report(long targetVersion, long consumed, int passes) => _found.ToReport() with
    {
        InputVersion = consumed,
        TargetVersion = targetVersion,
        ExpectedRows = _expectedRows,
        ActualRows = _actualRows,
        Buckets = passes * BucketChecksums.Count,
        DifferingBuckets = _differingBuckets,
        RepairVersion = _repairVersion,
    };
}
