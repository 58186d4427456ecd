using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Scd2;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>Takes one input through normalise, fold, locate, resolve, write and commit; derives anew when another writer was faster.</summary>
internal static class MergeCommitter
{
    /// <returns>What it did; null when the log no longer stands where the input begins.</returns>
    public static async Task<MergeStep?> ApplyAsync(MergeTarget target, MergeInput input, CancellationToken cancellationToken)
    {
        PreparedInput? prepared = null;
        MergePlan? plan = null;
        StateChange? state = null;
        TransactionResult? result = await target.Table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        if (result is not null && state is not null)
        {
            target.State = target.State.Apply(state);
        }

        return plan is null ? null : new MergeStep(plan.Counts, result);

        async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken token)
        {
            (plan, state) = (null, null);
            if (input.ExpectedVersion is { } expected && (snapshot.TransactionVersion(input.Transaction!.AppId) ?? -1) != expected)
            {
                return null;
            }

            await target.SyncAsync(snapshot, token).ConfigureAwait(false);
            if (prepared?.Layout != target.Layout)
            {
                prepared = PreparedInput.Of(target.Flow, target.Layout, target.Table.Storage.Name, input);

                // Before the commit that consumes them: a crash in between offers them again, and the quarantine knows them then.
                await QuarantineAsync(target, prepared, input, token).ConfigureAwait(false);
            }

            plan = await Resolver(target.Flow).ResolveAsync(target, prepared.Batch, prepared.Folded, input.Mode, token).ConfigureAwait(false);
            plan.Counts.Quarantined = prepared.Rejected.Sum(static part => part.Rejections.Count);
            plan.Counts.RowsIn += plan.Counts.Quarantined;
            plan.Counts.AssertBalance(target.Flow.Name);
            if (plan.IsEmpty && input.Transaction is null)
            {
                return null;
            }

            (WrittenPlan written, state) = await WriteAsync(target, plan, token).ConfigureAwait(false);
            if (input.Transaction is { } transaction)
            {
                written.Actions.Add(transaction with { LastUpdated = target.Table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() });
            }

            return new CommitPlan { Actions = written.Actions, WrittenPaths = written.Paths, Info = input.Audit.ToCommitInfo(plan.Counts, target.Flow) };
        }
    }

    private static Task QuarantineAsync(MergeTarget target, PreparedInput prepared, MergeInput input, CancellationToken cancellationToken) =>
        prepared.Rejected.Count == 0
            ? Task.CompletedTask
            : target.Flow.Quarantine!.AddAsync(target.Flow.Name, target.Snapshot.TableId, input.Audit.Batch, prepared.Rejected, cancellationToken);

    /// <summary>The step that differs between the SCD types.</summary>
    public static IMergeResolver Resolver(MergeConfiguration flow) => flow.StoredAs == ScdType.Type1 ? new Type1Resolver() : new Scd2Resolver();

    private static async Task<(WrittenPlan Written, StateChange? State)> WriteAsync(MergeTarget target, MergePlan plan, CancellationToken cancellationToken)
    {
        WrittenPlan written = await MergeWriter.WriteAsync(target.Table, target.Snapshot, target.Index, plan, cancellationToken).ConfigureAwait(false);
        StateChange? change = plan.StateUpserts.Length + plan.StateRemovals.Length == 0
            ? null
            : await target.State
                .PrepareAsync(target.Table.Storage, target.Table.Options.IdSource, plan.StateUpserts, plan.StateRemovals, cancellationToken)
                .ConfigureAwait(false);
        if (change is not null || target.Committed is null)
        {
            FlowState state = new()
            {
                Flow = target.Flow.Name,
                Config = MergeEpoch.Of(target.Flow, target.Layout),
                Sets = new Dictionary<string, IReadOnlyList<StateFile>> { [target.Layout.State.Name] = change?.Files ?? target.State.Files },
            };
            written.Actions.Add(new DomainMetadata(FlowState.Domain, state.Write()));
        }

        if (change is not null)
        {
            written.Paths.Add(change.Files[^1].Path);
        }

        return (written, change);
    }
}
