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

        (MergeTotals totals, InsertedRows inserted, WrittenMerge written, TargetScan scan) =
            await MergeAsync(evolution.After, merge, cancellationToken).ConfigureAwait(false);
        _result = MergeReport.Result(totals, written, _source.Rows.Length) with
        {
            ScanTimeMs = _result.ScanTimeMs,
            RewriteTimeMs = _result.RewriteTimeMs,
        };
        List<DeltaAction> actions = [.. Definition(evolution, inserted.Marks), .. written.Actions, .. Transaction()];
        return actions.Count == 0 ? null : new CommitPlan
        {
            Actions = actions,

            // Rows that matched nothing do not count: what others delete or move of them does not match either.
            Reads = ReadScope.Matching(scan.MayMatch, totals.Files.Select(static file => file.Path), rowWise: !totals.KeepsMatches),
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

    private async Task<(MergeTotals Totals, InsertedRows Inserted, WrittenMerge Written, TargetScan Scan)> MergeAsync(
        Snapshot after, BoundMerge merge, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        JoinedRows sourceRows = JoinedRows.OfSource(merge.Sides, _source.Rows, JoinedRows.All(_source.Rows.Length));
        RowNames ordinals = new(table.Storage.Name, merge, TargetValues.None, null);
        SourceIndex index = new(ordinals.Run(sourceRows, part => KeyRows.Of(merge.On.Keys, part, ofTarget: false)));
        TargetScan scan = MergeErrors.Within(table.Storage.Name, null, () => new TargetScan(table, after, merge, index));
        TargetFile[] files = [.. scan.Files()];
        if (definition.FileByFile)
        {
            try
            {
                (MergeTotals Totals, InsertedRows Inserted, WrittenMerge Written) done =
                    await MergeAsync(after, merge, scan, index, files, atOnce: false, started, cancellationToken).ConfigureAwait(false);
                return (done.Totals, done.Inserted, done.Written, scan);
            }
            catch (InvalidRowsException)
            {
                // Which rows and how many they are is known only when all are looked at, so the error is found again there.
            }
        }

        (MergeTotals totals, InsertedRows inserted, WrittenMerge written) =
            await MergeAsync(after, merge, scan, index, files, atOnce: true, started, cancellationToken).ConfigureAwait(false);
        return (totals, inserted, written, scan);
    }

    // Whatever was written is deleted again when it does not come to an end.
    private async Task<(MergeTotals Totals, InsertedRows Inserted, WrittenMerge Written)> MergeAsync(
        Snapshot after, BoundMerge merge, TargetScan scan, SourceIndex index, TargetFile[] files, bool atOnce, long started, CancellationToken cancellationToken)
    {
        bool[] matched = new bool[_source.Rows.Length];
        NewRows newRows = new(table.Storage.Name, after, _time.GetUtcNow());
        MergeCardinality cardinality = new(table.Storage.Name, index.Keys);
        MergeResolver resolver = new(merge, _source.Rows, index, newRows, cardinality, matched);
        OutcomeWriter writer = new(table, after, atOnce, cancellationToken);
        try
        {
            FileMerger merger = new(table, after, merge, scan, index, resolver, cardinality);
            MergeTotals totals = await new MergeRun(table, merger, writer, atOnce).RunAsync(files, cancellationToken).ConfigureAwait(false);
            RowNames names = new(table.Storage.Name, merge, atOnce ? TargetValues.None : null, index.Keys);
            InsertedRows inserted = new InsertResolver(merge, after.Schema, _source.Rows, newRows, cardinality, names).Resolve(matched);
            totals.Inserted = inserted.Rows.Length;
            long scanTime = Since(started);
            WrittenMerge written = await writer.FinishAsync(inserted).ConfigureAwait(false);
            _result = _result with { ScanTimeMs = scanTime, RewriteTimeMs = Since(started) - scanTime };
            return (totals, inserted, written);
        }
        catch
        {
            await OrphanFiles.DiscardAsync(table, writer.Written.Paths).ConfigureAwait(false);
            throw;
        }
    }

    private (SchemaGrowth Evolution, BoundMerge Merge) Bind(Snapshot snapshot)
    {
        SchemaGrowth evolution = SchemaEvolution.Of(table, snapshot, definition, _source.Schema);
        return (evolution, BoundMerge.Bind(table.Storage.Name, definition, snapshot.Schema.FieldsList.Count, evolution.After, _source));
    }

    // New columns and the marks of identity columns are one metadata action.
    private static IEnumerable<DeltaAction> Definition(SchemaGrowth evolution, IReadOnlyDictionary<int, long> marks)
    {
        if (marks.Count == 0)
        {
            return evolution.Actions;
        }

        MetadataAction moved = Delta.Constraints.IdentityMarks.Move(evolution.After.Metadata, marks);
        return evolution.Actions.Where(static action => action is not MetadataAction).Append(moved);
    }

    private IEnumerable<DeltaAction> Transaction() => definition.TxnAppId is { } application
        ? [new SetTransaction(application, definition.TxnVersion, _time.GetUtcNow().ToUnixTimeMilliseconds())]
        : [];

    private long Since(long started) => (long)_time.GetElapsedTime(started).TotalMilliseconds;
}
