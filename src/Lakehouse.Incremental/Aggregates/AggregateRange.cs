using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>Applies one range of input versions to an aggregate table: fold, recompute what is dirty, plan, commit.</summary>
/// <param name="flow">The flow.</param>
/// <param name="session">The table.</param>
/// <param name="input">The input.</param>
/// <param name="source">The input at the last version of the range.</param>
internal sealed class AggregateRange(AggregateFlow flow, AggregateTarget session, DeltaTable input, Snapshot source)
{
    private MergeCounts _counts = new();
    private long _groups;
    private long _recomputed;

    /// <returns>Null when the log no longer stands where the range begins, because another process was faster.</returns>
    public async Task<AggregateResult?> ApplyAsync(long from, CancellationToken cancellationToken)
    {
        Schema columns = new AggregateLayout(flow.Configuration, source.Schema).Input;
        AggregateChanges changes = await AggregateChanges.ReadAsync(input, source, columns, from, cancellationToken).ConfigureAwait(false);
        (MergePlan Plan, long? Version)? committed = await AggregateCommitter.CommitAsync(
            session,
            source,
            new SetTransaction(flow.AppId(source.TableId), source.Version),
            from,
            token => PlanAsync(changes, token),
            plan => AggregateCommitter.Audit(flow.Configuration, source.TableId, from, source.Version, "Stream", plan.Counts, changes),
            cancellationToken).ConfigureAwait(false);
        return committed is null ? null : new AggregateResult
        {
            Version = committed.Value.Version,
            FromVersion = from,
            ToVersion = source.Version,
            IsFullRefresh = changes.IsWhole,
            RowsIn = changes.RowsIn,
            Added = changes.Added,
            Retracted = changes.Retracted,
            Groups = _groups,
            Recomputed = _recomputed,
            Inserted = _counts.Inserted,
            Updated = _counts.Updated,
            Deleted = _counts.Deleted,
        };
    }

    private async Task<MergePlan> PlanAsync(AggregateChanges changes, CancellationToken cancellationToken)
    {
        GroupTable groups = new(session.Layout, changes.IsWhole ? null : session.State);
        await changes.ApplyToAsync(groups, cancellationToken).ConfigureAwait(false);
        if (changes.IsWhole)
        {
            await TouchFormerAsync(groups, cancellationToken).ConfigureAwait(false);
        }

        if (session.Layout.Groups.Count == 0)
        {
            groups.Touch(new RecordBatch(new Schema([], null), [], 1), 0);
        }

        _recomputed = await DirtyGroups.RecomputeAsync(session, groups, input, source, cancellationToken).ConfigureAwait(false);
        _groups = groups.Count;
        _counts = new MergeCounts { RowsIn = changes.RowsIn, Applied = changes.Added + changes.Retracted };
        AssertBalance(changes, groups);
        return await AggregatePlanner.PlanAsync(session, groups, _counts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Groups that are published or remembered but have no rows any more must vanish.</summary>
    private async Task TouchFormerAsync(GroupTable groups, CancellationToken cancellationToken)
    {
        foreach (RecordBatch records in session.State.Batches)
        {
            groups.Touch(records);
        }

        ReadOptions published = new() { Version = session.Snapshot.Version };
        await foreach (RecordBatch rows in session.Table.ReadAsync(published, cancellationToken).ConfigureAwait(false))
        {
            groups.Touch(rows);
        }
    }

    /// <summary>The accounting identity (semantics 2.41): every row read is found again in a group.</summary>
    private void AssertBalance(AggregateChanges changes, GroupTable groups)
    {
        _counts.AssertBalance(flow.Name);
        if (groups.RowsGained != changes.Added - changes.Retracted)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"Flow '{flow.Name}': {changes.Added} rows added and {changes.Retracted} retracted, but the groups grew by {groups.RowsGained}."));
        }
    }
}
