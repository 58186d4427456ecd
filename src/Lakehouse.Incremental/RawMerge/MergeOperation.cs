using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Takes a MERGE through bind, scan, resolve, write and commit; all of it again on the new snapshot when another writer changed something the outcome
/// depends on.
/// </summary>
internal sealed class MergeOperation(DeltaTable table, MergeDefinition definition, IReadOnlyList<RecordBatch> input)
{
    private readonly TimeProvider _time = table.Options.TimeProvider;
    private readonly long _started = table.Options.TimeProvider.GetTimestamp();
    private readonly MergeSource _source = MergeSource.Of(input, table.Storage.Name);
    private RawMergeResult _result = new();

    public async Task<RawMergeResult> RunAsync(CancellationToken cancellationToken)
    {
        TransactionResult? committed = await table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        if (committed is not null)
        {
            await Compaction.AfterCommitAsync(table, cancellationToken).ConfigureAwait(false);
        }

        return _result with { Version = committed?.Version, ExecutionTimeMs = Since(_started) };
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        _result = new RawMergeResult { NumSourceRows = _source.Rows.Length };
        if (definition.TxnAppId is { } application && snapshot.TransactionVersion(application) >= definition.TxnVersion)
        {
            _result = new RawMergeResult { AlreadyApplied = true };
            return null;
        }

        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        (SchemaGrowth evolution, BoundMerge merge) = MergeErrors.Within(table.Storage.Name, null, () => Bind(snapshot));
        if (merge.ChangesRows)
        {
            AppendOnlyRule.Check(snapshot, table.Storage.Name);
        }

        long scanStarted = _time.GetTimestamp();
        JoinedRows sourceRows = JoinedRows.OfSource(merge.Sides, [.. _source.Rows.Arrays], JoinedRows.All(_source.Rows.Length));
        RowNames ordinals = new(table.Storage.Name, merge, ConcatKernel.Concat(evolution.After.Schema, []), null);
        SourceIndex index = new(ordinals.Run(sourceRows, part => KeyRows.Of(merge.On.Keys, part, ofTarget: false)));
        TargetScan scan = MergeErrors.Within(table.Storage.Name, null, () => new TargetScan(table, evolution.After, merge, index));
        TargetMatches target = await scan.FindAsync(cancellationToken).ConfigureAwait(false);
        RecordBatch rows = merge.ReadsRows
            ? await target.ReadAsync(table, evolution.After, cancellationToken).ConfigureAwait(false)
            : ConcatKernel.Concat(evolution.After.Schema, []);
        RowNames names = new(table.Storage.Name, merge, rows, index.Keys);
        MergeResolver resolver = new(
            merge,
            target,
            rows,
            _source,
            index,
            new NewRows(table.Storage.Name, evolution.After, _time.GetUtcNow()),
            new MergeCardinality(table.Storage.Name, index.Keys),
            names);
        MergeOutcome outcome = resolver.Resolve();
        long scanTime = Since(scanStarted);
        long writeStarted = _time.GetTimestamp();
        WrittenMerge written = await new OutcomeWriter(table, evolution.After, target, outcome, names).WriteAsync(cancellationToken).ConfigureAwait(false);
        _result = MergeReport.Result(outcome, written, target, _source.Rows.Length) with
        {
            ScanTimeMs = scanTime,
            RewriteTimeMs = Since(writeStarted),
        };
        List<DeltaAction> actions = [.. Definition(evolution, outcome), .. written.Actions, .. Transaction()];
        return actions.Count == 0 ? null : new CommitPlan
        {
            Actions = actions,

            // Rows that matched nothing do not count: what others delete or move of them does not match either.
            Reads = ReadScope.Matching(scan.MayMatch, target.Files.Select(static file => file.Path), rowWise: !outcome.KeepsMatches),
            WrittenPaths = written.Paths,
            Info = new CommitInfo
            {
                Operation = "MERGE",
                OperationParameters = MergeReport.Parameters(merge),
                OperationMetrics = MergeReport.Metrics(_result with { ExecutionTimeMs = Since(_started) }),
                UserMetadata = definition.UserMetadata,
            },
        };
    }

    private (SchemaGrowth Evolution, BoundMerge Merge) Bind(Snapshot snapshot)
    {
        SchemaGrowth evolution = SchemaEvolution.Of(table, snapshot, definition, _source.Schema);
        return (evolution, BoundMerge.Bind(table.Storage.Name, definition, snapshot.Schema.FieldsList.Count, evolution.After, _source));
    }

    // New columns and the marks of identity columns are one metadata action.
    private static IEnumerable<DeltaAction> Definition(SchemaGrowth evolution, MergeOutcome outcome)
    {
        if (outcome.IdentityMarks.Count == 0)
        {
            return evolution.Actions;
        }

        MetadataAction moved = Delta.Constraints.IdentityMarks.Move(evolution.After.Metadata, outcome.IdentityMarks);
        return evolution.Actions.Where(static action => action is not MetadataAction).Append(moved);
    }

    private IEnumerable<DeltaAction> Transaction() => definition.TxnAppId is { } application
        ? [new SetTransaction(application, definition.TxnVersion, _time.GetUtcNow().ToUnixTimeMilliseconds())]
        : [];

    private long Since(long started) => (long)_time.GetElapsedTime(started).TotalMilliseconds;
}
