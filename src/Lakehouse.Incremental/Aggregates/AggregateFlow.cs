using System.Runtime.CompilerServices;
using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>
/// Keeps aggregates of a table up to date from its change data. The result equals a recompute over all rows bit for bit, floats included, and each version
/// of the input counts exactly once. Safe for concurrent use; batches for one table follow one another.
/// </summary>
public sealed class AggregateFlow
{
    private readonly ConditionalWeakTable<DeltaTable, AggregateTarget> _targets = [];

    internal AggregateFlow(AggregateConfiguration configuration) => Configuration = configuration;

    /// <summary>The name, which is part of the flow's identity in the table's log.</summary>
    public string Name => Configuration.Name;

    internal AggregateConfiguration Configuration { get; }

    /// <summary>Starts the columns of an aggregate.</summary>
    /// <param name="name">A stable name: it identifies the flow in the log of its table.</param>
    public static AggregateFlowBuilder Named(string name) => new(name);

    /// <summary>The schema of the aggregate table for an input: the group columns, then the measures.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column is missing or of a type that does not fit.</exception>
    public Schema TargetSchema(Schema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AggregateLayout(Configuration, input).Published;
    }

    /// <summary>Brings the aggregate table to the latest version of the input, in one commit.</summary>
    /// <param name="input">The table that is aggregated. Its change data feed must be on, unless nothing was consumed before.</param>
    /// <param name="target">The aggregate table; see <see cref="TargetSchema"/>.</param>
    /// <param name="cancellationToken">Cancels between steps; a range is committed whole or not at all.</param>
    /// <exception cref="ConfigurationDriftException">The table was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Other writers won every attempt.</exception>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.ChangeDataUnavailable"/>; <see cref="ErrorCodes.RetractionUnderflow"/>: the input
    /// retracts rows it never added; <see cref="ErrorCodes.Overflow"/>; <see cref="ErrorCodes.SchemaMismatch"/>.</exception>
    public async Task<AggregateResult> ApplyAsync(DeltaTable input, DeltaTable target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        AggregateTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long started = target.Options.TimeProvider.GetTimestamp();
            Snapshot source = await input.RefreshAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                Snapshot published = await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
                long from = published.TransactionVersion(AppId(source.TableId)) ?? -1;
                if (from >= source.Version)
                {
                    return new AggregateResult { AlreadyApplied = true, FromVersion = from, ToVersion = from };
                }

                if (await ApplyRangeAsync(session, input, source, from, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    await Compaction.AfterCommitAsync(target, cancellationToken).ConfigureAwait(false);
                    return result with { Duration = target.Options.TimeProvider.GetElapsedTime(started) };
                }
            }
        }
        finally
        {
            session.Gate.Release();
        }
    }

    internal AggregateTarget Session(DeltaTable target) => _targets.GetValue(target, table => new AggregateTarget(Configuration, table));

    /// <summary>The application id under which the table's log remembers what it consumed of an input.</summary>
    internal string AppId(string inputTableId) => $"lakehouse.incremental/aggregate/{Name}/{inputTableId}";

    /// <summary>Applies the versions after one; null when another process was faster.</summary>
    private async Task<AggregateResult?> ApplyRangeAsync(AggregateTarget session, DeltaTable input, Snapshot source, long from, CancellationToken cancellationToken)
    {
        AggregateLayout layout = new(Configuration, source.Schema);
        AggregateChanges changes = await AggregateChanges.ReadAsync(input, source, layout.Input, from, cancellationToken).ConfigureAwait(false);
        MergeCounts counts = new();
        int groups = 0;
        int recomputed = 0;
        SetTransaction transaction = new(AppId(source.TableId), source.Version);
        (MergePlan Plan, long? Version)? committed = await AggregateCommitter.CommitAsync(
            session, source, transaction, from, WorkAsync, plan => AggregateCommitter.Audit(Configuration, source.TableId, from, source.Version, "Stream", plan.Counts, changes), cancellationToken).ConfigureAwait(false);
        return committed is null ? null : new AggregateResult
        {
            Version = committed.Value.Version,
            FromVersion = from,
            ToVersion = source.Version,
            RowsIn = changes.RowsIn,
            Added = changes.Added,
            Retracted = changes.Retracted,
            Groups = groups,
            Recomputed = recomputed,
            Inserted = counts.Inserted,
            Updated = counts.Updated,
            Deleted = counts.Deleted,
        };

        async Task<MergePlan> WorkAsync(CancellationToken token)
        {
            GroupTable table = new(session.Layout, session.State);
            changes.ApplyTo(table);
            if (session.Layout.Groups.Count == 0)
            {
                table.Touch(new RecordBatch(layout.Input, layout.Input.FieldsList.Select(f => NullArrays.Create(f.DataType, 1)), 1), 0);
            }

            Group[] dirty = [.. table.InOrder.Where(g => g is { IsDirty: true, IsUnderflown: false })];
            if (dirty.Length > 0)
            {
                await table.RecomputeAsync(dirty, AggregateChanges.ReadAllAsync(input, source, layout.Input, token), token).ConfigureAwait(false);
            }

            counts = new MergeCounts { RowsIn = changes.RowsIn, Applied = changes.Added + changes.Retracted };
            counts.AssertBalance(Name);
            (groups, recomputed) = (table.Count, dirty.Length);
            return await AggregatePlanner.PlanAsync(session, table, counts, token).ConfigureAwait(false);
        }
    }
}
