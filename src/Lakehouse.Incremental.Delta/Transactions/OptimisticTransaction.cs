using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// One transaction: refresh, derive a plan from the snapshot, try to become the next version, and begin again when another writer was faster.
/// Because a plan that read the table is always derived from the version just before its commit, committed transactions are serialisable.
/// </summary>
internal sealed class OptimisticTransaction(DeltaTable table, Func<Snapshot, CancellationToken, Task<CommitPlan?>> derive)
{
    private readonly string _txnId = table.Options.IdSource.NewId().ToString("D");
    private CommitPlan? _plan;
    private int _attempts;

    // While a commit is on its way nobody can tell whether it stands, so its files must stay.
    private bool _inFlight;

    /// <summary>Runs to the end; null when the delegate returned null, because there is nothing to commit.</summary>
    /// <exception cref="CommitConflictException">Other writers were faster each time.</exception>
    public async Task<TransactionResult?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (int derivation = 0; derivation < table.Options.MaxCommitAttempts; derivation++)
            {
                Snapshot snapshot = await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
                CommitPlan? former = _plan;
                CommitPlan? plan = await derive(snapshot, cancellationToken).ConfigureAwait(false);
                _plan = plan;
                await DiscardAsync(former, plan).ConfigureAwait(false);
                if (plan is null)
                {
                    return null;
                }

                if (await CommitAsync(plan, snapshot, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    return result;
                }
            }
        }
        catch
        {
            await DiscardAsync(_inFlight ? null : _plan, null).ConfigureAwait(false);
            throw;
        }

        await DiscardAsync(_plan, null).ConfigureAwait(false);
        throw new CommitConflictException(
            ErrorCodes.CommitConflict,
            FormattableString.Invariant($"Other writers committed to '{table.Storage.Name}' first, {_attempts} times in a row. Nothing was written."))
        {
            Table = table.Storage.Name,
        };
    }

    // Null when the plan has to be derived anew.
    private async Task<TransactionResult?> CommitAsync(CommitPlan plan, Snapshot snapshot, CancellationToken cancellationToken)
    {
        while (true)
        {
            List<DeltaAction> actions = Complete(plan, snapshot);
            _attempts++;
            _inFlight = true;
            CommitOutcome outcome = await table.Log.TryCommitAsync(snapshot.Version + 1, actions, cancellationToken).ConfigureAwait(false);
            if (outcome is CommitOutcome.Committed committed)
            {
                Snapshot after = await AfterAsync(snapshot, actions, committed.Version).ConfigureAwait(false);
                table.Logger.Committed(table.Storage.Name, committed.Version, plan.Info.Operation, actions.Count, _attempts);
                return new TransactionResult(committed.Version, snapshot, after, plan, _attempts);
            }

            _inFlight = false;
            table.Logger.LostRace(table.Storage.Name, snapshot.Version + 1);
            if (!plan.BlindAppend)
            {
                return null;
            }

            Snapshot newer = await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
            if (!StillHolds(plan, snapshot, newer))
            {
                return null;
            }

            snapshot = newer;
        }
    }

    private List<DeltaAction> Complete(CommitPlan plan, Snapshot snapshot)
    {
        PlanRules.Check(plan, snapshot, table.Storage.Name);
        MetadataAction metadata = plan.Actions.OfType<MetadataAction>().FirstOrDefault() ?? snapshot.Metadata;
        bool ownTimestamps = new TableProperties(metadata.Configuration).InCommitTimestamps;
        List<DeltaAction> actions = new(plan.Actions.Count + 2)
        {
            CommitStamp.Fill(plan.Info, snapshot, ownTimestamps, plan.BlindAppend, _txnId, table.Options.TimeProvider),
        };
        if (FeatureUpgrade.For(plan.Actions, snapshot.Protocol) is { } upgrade)
        {
            actions.Add(upgrade);
        }

        actions.AddRange(plan.Actions);
        return actions;
    }

    private static bool StillHolds(CommitPlan plan, Snapshot before, Snapshot after) =>
        ReferenceEquals(before.Metadata, after.Metadata)
        && ReferenceEquals(before.Protocol, after.Protocol)
        && plan.Actions.OfType<SetTransaction>().All(txn => before.TransactionVersion(txn.AppId) == after.TransactionVersion(txn.AppId));

    // The commit stands from here on: nothing may fail or be cancelled any more.
    private async Task<Snapshot> AfterAsync(Snapshot before, IReadOnlyList<DeltaAction> actions, long version)
    {
        long time = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            StoredFile? commit = await table.Log.StatCommitAsync(version, CancellationToken.None).ConfigureAwait(false);
            time = commit?.Modified.ToUnixTimeMilliseconds() ?? time;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            table.Logger.CommitTimeUnknown(error, table.Storage.Name, version);
        }

        Snapshot after = before.Apply(version, actions, time);
        table.Publish(after);
        return after;
    }

    private Task DiscardAsync(CommitPlan? plan, CommitPlan? successor) =>
        OrphanFiles.DiscardAsync(table, (plan?.WrittenPaths ?? []).Except(successor?.WrittenPaths ?? [], StringComparer.Ordinal));
}
