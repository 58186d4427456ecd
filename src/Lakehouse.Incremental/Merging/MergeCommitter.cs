using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Merging;

/// <summary>Takes one input through normalise, fold, locate, resolve, write and commit; derives anew when another writer was faster.</summary>
internal static class MergeCommitter
{
    /// <param name="target">The table.</param>
    /// <param name="input">The events.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <param name="clock">Takes the time of the steps; null where nobody asks.</param>
    /// <returns>What it did; null when the log no longer stands where the input begins.</returns>
    public static async Task<MergeStep?> ApplyAsync(MergeTarget target, MergeInput input, CancellationToken cancellationToken, StepClock? clock = null)
    {
        int attempt = 0;
        SchemaGrowth? evolution = null;
        PreparedInput? prepared = null;
        MergePlan? plan = null;
        StateChange? state = null;
        TransactionResult? result = await target.Table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        if (result is not null && state is not null)
        {
            target.State = target.State.Apply(state);
        }

        clock?.Lap(MergeStage.Commit);
        if (plan is null)
        {
            return null;
        }

        MergeStep step = new(plan.Counts, result);
        MergeLog.Write(target, input, step, evolution!);
        return step;

        async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken token)
        {
            clock?.Lap(MergeStage.Commit);
            (plan, state) = (null, null);
            if (++attempt > 1)
            {
                target.Table.Logger.MergeDerivedAgain(target.Flow.Name, target.Table.Storage.Name, input.Audit.Batch, snapshot.Version, attempt);
            }

            if (input.Follows?.Invoke(snapshot) == false)
            {
                return null;
            }

            evolution = TargetEvolution.Of(target.Flow, target.Table, snapshot, input.Events);
            await target.SyncAsync(evolution.After, token, input.Adopts).ConfigureAwait(false);
            clock?.Lap(MergeStage.Sync);
            if (prepared?.Layout != target.Layout || input.Select is not null)
            {
                prepared = await PreparedInput.OfAsync(target, input, token).ConfigureAwait(false);
            }

            prepared = prepared with { Events = await WithRefusedAsync(target, prepared.Events, token).ConfigureAwait(false) };
            clock?.Lap(MergeStage.Normalize);
            RecordBatch keys = await TouchedKeys.FindAsync(target, prepared.Batch, input, token).ConfigureAwait(false);
            plan = await KeyedResolver.ResolveAsync(target, prepared.WithKeys(keys), input.Mode, token, clock).ConfigureAwait(false);
            RefuseTies(target, plan, input);
            await SetApartAsync(target, prepared.Events, plan, input, token).ConfigureAwait(false);
            clock?.Lap(MergeStage.SetApart);
            plan.Counts.AssertBalance(target.Flow.Name);
            input.Verify?.Invoke(target, plan);
            if (plan.IsEmpty && input.Transaction is null && evolution.Actions.Count == 0)
            {
                return null;
            }

            (WrittenPlan written, state) = await WriteAsync(target, plan, token).ConfigureAwait(false);
            clock?.Lap(MergeStage.Write);
            written.Actions.InsertRange(0, evolution.Actions);
            if (input.Transaction is { } transaction)
            {
                written.Actions.Add(transaction with { LastUpdated = target.Table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() });
            }

            if (input.Gaps is { } gaps)
            {
                written.Actions.Add(gaps);
            }

            return new CommitPlan { Actions = written.Actions, WrittenPaths = written.Paths, Info = input.Audit.ToCommitInfo(plan.Counts, target.Flow) };
        }
    }

    private static void RefuseTies(MergeTarget target, MergePlan plan, MergeInput input)
    {
        if (target.Flow.AmbiguousTie == AmbiguousTie.Fail && plan.Counts.Ties > 0 && input.Mode == ResolveMode.Merge)
        {
            throw new InvalidRowsException(
                ErrorCodes.AmbiguousTie,
                FormattableString.Invariant($"Flow '{target.Flow.Name}', table {target.Table.Storage.Name}, batch {input.Audit.Batch}: {plan.Counts.Ties} events differ from another of their key at the same sequence."))
            {
                Flow = target.Flow.Name,
                Table = target.Table.Storage.Name,
                Batch = input.Audit.Batch,
                Count = plan.Counts.Ties,
                SampleKeys = [.. plan.Counts.TieSamples.Select(static s => s.Key)],
            };
        }
    }

    /// <summary>
    /// What type 1 refuses below the horizon depends on what it knows of the key by then. What was refused once stays refused, or the table would depend on how often an
    /// event is delivered; and a change of keys is refused whole, since of its two keys the one may be known and the other not.
    /// </summary>
    private static async Task<NormalizedEvents> WithRefusedAsync(MergeTarget target, NormalizedEvents events, CancellationToken cancellationToken)
    {
        if (target.Flow.IsHistory || target.Horizon is not { } horizon || !Enumerable.Range(0, events.Batch.Count).Any(IsBefore))
        {
            return events;
        }

        HashSet<int> refused = target.Flow.PreviousKeys.Count > 0 ? [.. events.Parts().Where(IsBefore)] : [];
        if (target.Flow.Quarantine is { } quarantine)
        {
            refused.UnionWith(await quarantine.RefusedRowsAsync(target.Flow.Name, target.Snapshot.TableId, events, cancellationToken).ConfigureAwait(false));
        }

        return events with { Refused = refused };

        bool IsBefore(int row) => events.Batch.Orders[row].SequenceCompareTo(horizon.Span) < 0;
    }

    /// <summary>
    /// Brings events to quarantine that cannot be merged or are too late; before the commit that consumes them, since a crash in between offers them again, and the
    /// quarantine knows them then.
    /// </summary>
    private static async Task SetApartAsync(MergeTarget target, NormalizedEvents events, MergePlan plan, MergeInput input, CancellationToken cancellationToken)
    {
        long invalid = events.Rejected.Sum(static part => part.Rejections.Count);
        plan.Counts.Quarantined = invalid;
        plan.Counts.RowsIn += invalid;
        foreach (IGrouping<string, Rejection> reason in events.Rejected.SelectMany(static part => part.Rejections).GroupBy(static r => r.Code, StringComparer.Ordinal))
        {
            plan.Counts.QuarantinedByReason[reason.Key] = reason.Count();
        }

        RejectedEvents[] rejected = [.. events.Rejected, .. plan.TooLate.Count == 0 ? [] : events.Reject(plan.TooLate, ErrorCodes.TooLate)];
        if (rejected.Length == 0)
        {
            return;
        }

        if (target.Flow.Quarantine is not { } quarantine)
        {
            throw new InvalidRowsException(
                ErrorCodes.TooLate,
                FormattableString.Invariant($"Flow '{target.Flow.Name}', table {target.Table.Storage.Name}, batch {input.Audit.Batch}: {plan.TooLate.Count} events are older than the horizon; give the flow a quarantine."))
            {
                Flow = target.Flow.Name,
                Table = target.Table.Storage.Name,
                Batch = input.Audit.Batch,
                Count = plan.TooLate.Count,
                SampleKeys = KeyText.Samples(events.Batch.Rows, target.Layout.Keys, plan.TooLate),
            };
        }

        await quarantine.AddAsync(target.Flow.Name, target.Snapshot.TableId, input.Audit.Batch, rejected, cancellationToken).ConfigureAwait(false);
    }

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
                Columns = target.Committed?.Columns ?? [.. target.Layout.Data.FieldsList.Select(static f => f.Name)],
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
