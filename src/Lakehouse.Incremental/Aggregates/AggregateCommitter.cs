using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Commits a plan for an aggregate table: rows, change data, state, and the input version it now stands for, in one commit.</summary>
internal static class AggregateCommitter
{
    private const int AuditFormat = 1;

    /// <param name="target">The table.</param>
    /// <param name="input">The input at the version that is consumed.</param>
    /// <param name="transaction">What the log will remember as consumed.</param>
    /// <param name="expected">What it must remember before; otherwise nothing is committed and null is returned.</param>
    /// <param name="work">Works out the groups on the table's current state.</param>
    /// <param name="audit">Describes the commit, once its plan is known.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public static async Task<(MergePlan Plan, long? Version)?> CommitAsync(
        AggregateTarget target,
        Snapshot input,
        SetTransaction transaction,
        long expected,
        Func<CancellationToken, Task<MergePlan>> work,
        Func<MergePlan, CommitInfo> audit,
        CancellationToken cancellationToken)
    {
        MergePlan? plan = null;
        StateChange? state = null;
        DeltaTable table = target.Table;
        TransactionResult? result = await table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        if (result is not null && state is not null)
        {
            target.State = target.State.Apply(state);
        }

        return plan is null ? null : (plan, result?.Version);

        async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken token)
        {
            (plan, state) = (null, null);
            if ((snapshot.TransactionVersion(transaction.AppId) ?? -1) != expected)
            {
                return null;
            }

            await target.SyncAsync(input, snapshot, token).ConfigureAwait(false);
            plan = await work(token).ConfigureAwait(false);
            WrittenPlan written = await MergeWriter.WriteAsync(table, snapshot, target.Index, plan, token).ConfigureAwait(false);
            if (plan.StateUpserts.Length + plan.StateRemovals.Length > 0)
            {
                state = await target.State
                    .PrepareAsync(table.Storage, table.Options.IdSource, plan.StateUpserts, plan.StateRemovals, token).ConfigureAwait(false);
                written.Paths.Add(state.Files[^1].Path);
            }

            if (state is not null || target.Committed is null)
            {
                written.Actions.Add(new DomainMetadata(FlowState.Domain, StateOf(target, input, state).Write()));
            }

            written.Actions.Add(transaction with { LastUpdated = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() });
            return new CommitPlan { Actions = written.Actions, WrittenPaths = written.Paths, Info = audit(plan) };
        }
    }

    /// <param name="flow">The flow.</param>
    /// <param name="inputTable">The id of the input.</param>
    /// <param name="from">Versions greater than this were consumed.</param>
    /// <param name="to">Versions up to this one were consumed.</param>
    /// <param name="origin">Why the commit is made: <c>Stream</c> or <c>Reconciliation</c>.</param>
    /// <param name="counts">Rows in, and what became of rows of the table.</param>
    /// <param name="changes">What was read; null when groups were worked out from all rows.</param>
    public static CommitInfo Audit(
        AggregateConfiguration flow, string inputTable, long from, long to, string origin, MergeCounts counts, AggregateChanges? changes) => new()
    {
        Operation = "AGGREGATE",
        OperationParameters = new JsonObject { ["flow"] = flow.Name, ["groupBy"] = string.Join(",", flow.GroupBy) },
        OperationMetrics = new JsonObject
        {
            ["numSourceRows"] = Text(counts.RowsIn),
            ["numTargetRowsInserted"] = Text(counts.Inserted),
            ["numTargetRowsUpdated"] = Text(counts.Updated),
            ["numTargetRowsDeleted"] = Text(counts.Deleted),
        },
        UserMetadata = new JsonObject
        {
            ["format"] = AuditFormat,
            ["flow"] = flow.Name,
            ["batch"] = string.Create(CultureInfo.InvariantCulture, $"versions {from + 1}..{to}"),
            ["origin"] = origin,
            ["refresh"] = changes?.IsWhole == false ? "Incremental" : "Full",
            ["input"] = new JsonObject { ["table"] = inputTable, ["fromVersion"] = from, ["toVersion"] = to },
            ["rowsIn"] = counts.RowsIn,
            ["added"] = changes?.Added ?? counts.RowsIn,
            ["retracted"] = changes?.Retracted ?? 0,
            ["inserted"] = counts.Inserted,
            ["updated"] = counts.Updated,
            ["deleted"] = counts.Deleted,
        }.ToJsonString(),
    };

    private static FlowState StateOf(AggregateTarget target, Snapshot input, StateChange? change) => new()
    {
        Flow = target.Layout.Flow.Name,
        Config = AggregateEpoch.Of(target.Layout, input.TableId),
        Sets = new Dictionary<string, IReadOnlyList<StateFile>> { [target.Layout.State.Name] = change?.Files ?? target.State.Files },
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
