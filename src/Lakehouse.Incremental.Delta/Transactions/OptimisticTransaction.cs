using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// One transaction: refresh, derive a plan from the snapshot, try to become the next version. When another writer was faster, its commit is checked
/// against the plan: the same plan is tried at the next version, or fitted to the rows others deleted, or a new one is derived.
/// </summary>
internal sealed class OptimisticTransaction(DeltaTable table, Func<Snapshot, CancellationToken, Task<CommitPlan?>> derive)
{
    private readonly string _txnId = table.Options.IdSource.NewId().ToString("D");
    private CommitPlan? _plan;
    private LostTo? _lostTo;
    private int _attempts;

    // While a commit is on its way nobody can tell whether it stands, so its files must stay.
    private bool _inFlight;

    /// <summary>Runs to the end; null when the delegate returned null, because there is nothing to commit.</summary>
    /// <exception cref="CommitConflictException">Other writers changed what the plan depends on, each time or once too often.</exception>
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

                if (plan.DerivedOnce)
                {
                    break;
                }
            }
        }
        catch
        {
            await DiscardAsync(_inFlight ? null : _plan, null).ConfigureAwait(false);
            throw;
        }

        await DiscardAsync(_plan, null).ConfigureAwait(false);
        throw _lostTo!.ToException(table.Storage.Name, _attempts);
    }

    // Null when the plan has to be derived anew.
    private async Task<TransactionResult?> CommitAsync(CommitPlan derived, Snapshot read, CancellationToken cancellationToken)
    {
        CommitPlan plan = derived;
        Snapshot snapshot = read;
        LostRace? race = null;
        while (true)
        {
            IsolationLevel level = IsolationLevels.For(plan, snapshot);
            List<DeltaAction> actions = Complete(plan, snapshot, level, read.Version);
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
            race ??= new LostRace(table, derived, read);
            Snapshot newer = await table.RefreshAsync(cancellationToken).ConfigureAwait(false);
            _lostTo = await race.CheckAsync(snapshot.Version + 1, newer.Version, level, cancellationToken).ConfigureAwait(false);
            CommitPlan? next = _lostTo.Verdict.IsConflict ? null : await race.FitAsync(newer, cancellationToken).ConfigureAwait(false);
            if (next is null)
            {
                return null;
            }

            _plan = next;
            await DiscardAsync(plan, next).ConfigureAwait(false);
            (plan, snapshot) = (next, newer);
        }
    }

    private List<DeltaAction> Complete(CommitPlan plan, Snapshot snapshot, IsolationLevel level, long readVersion)
    {
        PlanRules.Check(plan, snapshot, table.Storage.Name);
        MetadataAction metadata = plan.Actions.OfType<MetadataAction>().FirstOrDefault() ?? snapshot.Metadata;
        bool ownTimestamps = new TableProperties(metadata.Configuration).InCommitTimestamps;
        CommitInfo info = CommitStamp.Fill(plan.Info, snapshot, ownTimestamps, plan.BlindAppend, _txnId, table.Options.TimeProvider, level);
        return PlanCompletion.Complete(plan, snapshot, info with { ReadVersion = readVersion });
    }

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
