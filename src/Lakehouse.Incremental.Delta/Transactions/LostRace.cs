using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// A plan that lost a race, maybe several: reads the winners, has them checked, and fits the plan to what they deleted. It always goes from the
/// plan as it was derived, so that what one winner did is not mixed up with what the plan does.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="plan">The plan.</param>
/// <param name="read">The snapshot it was derived from.</param>
internal sealed class LostRace(DeltaTable table, CommitPlan plan, Snapshot read)
{
    private TransactionScope? _scope;
    private bool _fit;

    /// <summary>The first winner that is a conflict, or the last one.</summary>
    public async Task<LostTo> CheckAsync(long from, long to, IsolationLevel level, CancellationToken cancellationToken)
    {
        _scope ??= TransactionScope.Of(plan, read, await MarksAsync(plan.Actions, static _ => true, cancellationToken).ConfigureAwait(false));
        LostTo last = new(new Verdict(VerdictKind.NoConflict), from, null);
        for (long version = from; version <= to && !last.Verdict.IsConflict; version++)
        {
            last = await CheckAsync(version, level, cancellationToken).ConfigureAwait(false);
            _fit |= last.Verdict.Kind == VerdictKind.RebaseRows;
        }

        return last;
    }

    /// <summary>The plan on a snapshot all commits of which were checked; null when it must be derived anew.</summary>
    public async Task<CommitPlan?> FitAsync(Snapshot snapshot, CancellationToken cancellationToken) => _fit
        ? await PlanRebase.ApplyAsync(table, plan, _scope!.Marked, snapshot, cancellationToken).ConfigureAwait(false)
        : plan;

    private async Task<LostTo> CheckAsync(long version, IsolationLevel level, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeltaAction> actions;
        try
        {
            actions = await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
        }
        catch (LakehouseException error) when (string.Equals(error.ErrorCode, ErrorCodes.VersionNotFound, StringComparison.Ordinal))
        {
            // A clean-up of the log was quicker. The next derivation does not need the commit.
            return new LostTo(new Verdict(VerdictKind.WinnerUnknown), version, null);
        }

        WinningCommit winner =
            WinningCommit.Of(version, actions, await MarksAsync(actions, _scope!.MustKnowRowsOf, cancellationToken).ConfigureAwait(false));
        return new LostTo(ConflictChecker.Check(_scope, winner, level), version, winner.Info?.Operation);
    }

    private async Task<IReadOnlyDictionary<string, DeletionVector>> MarksAsync(
        IReadOnlyList<DeltaAction> actions, Func<AddFile, bool> wanted, CancellationToken cancellationToken) => plan.Reads.Kind == ReadKind.Everything
        ? new Dictionary<string, DeletionVector>()
        : await MarkedRows.ReadAsync(table.DeletionVectors, actions, wanted, cancellationToken).ConfigureAwait(false);
}
