using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Deleting;

/// <summary>Deletes the rows for which a filter is true.</summary>
internal sealed class DeleteOperation(DeltaTable table, Filter? filter, DeleteOptions options)
{
    // The text is a value within the commit, where it is escaped as any other; once is enough.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private DeletePlan _plan = new();
    private bool _alreadyApplied;

    public async Task<DeleteResult> RunAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        TransactionResult? result = await table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        return new DeleteResult(
            result?.Version, _plan.RowsDeleted, _plan.FilesRemoved, _plan.FilesRewritten, _plan.DeletionVectorsAdded, _alreadyApplied);
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        _plan = new DeletePlan();
        _alreadyApplied = options.TxnAppId is { } application && snapshot.TransactionVersion(application) >= options.TxnVersion;
        if (_alreadyApplied)
        {
            return null;
        }

        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        AppendOnlyRule.Check(snapshot, table.Storage.Name);
        DeleteScan scan = new(table, snapshot, filter);
        List<FileMatch> matches = await scan.FindAsync(cancellationToken).ConfigureAwait(false);
        _plan = await new DeletePlanner(table, snapshot).PlanAsync(matches, cancellationToken).ConfigureAwait(false);
        List<DeltaAction> actions = [.. _plan.Actions];
        if (options.TxnAppId is { } appId)
        {
            actions.Add(new SetTransaction(appId, options.TxnVersion!.Value, table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        return actions.Count == 0 ? null : new CommitPlan
        {
            Actions = actions,

            // Files in which no row matched do not count: what others delete or move of them does not match either.
            Reads = ReadScope.Matching(scan.MayMatch, matches.Select(static match => match.File.Path), rowWise: true),
            WrittenPaths = _plan.WrittenPaths,
            Info = new CommitInfo
            {
                Operation = "DELETE",
                OperationParameters = new JsonObject { ["predicate"] = new JsonArray(PredicateText.Of(filter)).ToJsonString(Plain) },
                OperationMetrics = _plan.Metrics(),
                UserMetadata = options.UserMetadata,
            },
        };
    }
}
