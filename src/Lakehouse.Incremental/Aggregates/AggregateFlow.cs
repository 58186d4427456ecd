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
/// Keeps aggregates of a table up to date from its change data. The result equals a recompute over all rows bit for bit, floats included, and each
/// version of the input counts exactly once. Safe for concurrent use; batches for one table follow one another.
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
    /// <param name="input">
    /// The table that is aggregated. Without its change data feed, or when the log no longer reaches back, all of its rows are read each time.
    /// </param>
    /// <param name="target">The aggregate table; see <see cref="TargetSchema"/>.</param>
    /// <param name="cancellationToken">Cancels between steps; a range is committed whole or not at all.</param>
    /// <exception cref="ConfigurationDriftException">The table was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Other writers won every attempt.</exception>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.RetractionUnderflow"/>: the input retracts rows or values it never added. <see cref="ErrorCodes.Overflow"/>: a sum does
    /// not fit its type. <see cref="ErrorCodes.TargetKeyNotUnique"/>: the table holds a group twice. <see cref="ErrorCodes.SchemaMismatch"/>: the
    /// columns do not fit.
    /// </exception>
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

                if (await new AggregateRange(this, session, input, source).ApplyAsync(from, cancellationToken).ConfigureAwait(false) is { } result)
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
}
