using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Detection;
using Lakehouse.Incremental.Lineage;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// Merges change events into a Delta table by deterministic rules: the table is a function of the set of events, whatever their batches, order and
/// repetition. Safe for concurrent use; batches for one target follow one another, and other processes are kept apart by the table's log.
/// </summary>
public sealed partial class MergeFlow
{
    private readonly ConditionalWeakTable<DeltaTable, MergeTarget> _targets = [];

    internal MergeFlow(MergeConfiguration configuration) => Configuration = configuration;

    /// <summary>The name, which is part of the flow's identity in the target's log.</summary>
    public string Name => Configuration.Name;

    internal MergeConfiguration Configuration { get; }

    /// <summary>Starts the rules of a flow.</summary>
    /// <param name="name">A stable name: it identifies the flow in the target's log.</param>
    public static MergeFlowBuilder Named(string name) => new(name);

    /// <summary>
    /// The schema of a target for such events: their columns without <see cref="MergeFlowBuilder.ExceptColumns"/>; for type 2 also <c>__start_at</c> and
    /// <c>__end_at</c> in the sequence's type (a struct when there are several sequence columns) and <c>__is_current</c>.
    /// </summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a column of the flow is not among the events';
    /// <see cref="ErrorCodes.ReservedColumn"/>.</exception>
    public Schema TargetSchema(Schema events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (string column in Configuration.Keys.Concat(Configuration.Order).Where(c => events.PositionOf(c) < 0))
        {
            throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{Name}': the events have no column {column}.") { Flow = Name };
        }

        Field Column(Field field) => Configuration.Sequence.Contains(field.Name, StringComparer.Ordinal) ? SequenceComponent.Nullable(field, Configuration.NullsFirst) : field;
        List<Field> fields = [.. events.FieldsList.Select(Column).Where(f => !Configuration.Dropped.Contains(f.Name, StringComparer.Ordinal) && !LineageColumns.IsLineage(f.Name))];
        if (Configuration.SchemaPolicy == SchemaPolicy.Rescue && events.PositionOf(TargetColumns.Rescued) < 0)
        {
            fields.Add(new Field(TargetColumns.Rescued, StringType.Default, nullable: true));
        }

        IReadOnlyList<Field> own = TargetColumns.Fields(Configuration, [.. Configuration.Position.Select(name => Column(events.GetFieldByName(name)))]);
        if (fields.Find(f => EventRecords.IsReserved(Configuration, f.Name) || own.Any(o => string.Equals(o.Name, f.Name, StringComparison.OrdinalIgnoreCase))) is { } reserved)
        {
            throw new LakehouseException(ErrorCodes.ReservedColumn, $"Flow '{Name}': column {reserved.Name} is written by the flow itself.") { Flow = Name };
        }

        return new Schema([.. fields, .. own], null);
    }

    /// <summary>Merges all staged versions that the target has not consumed, in one commit or, when there are many events, several.</summary>
    /// <param name="staging">Where the events are.</param>
    /// <param name="target">The table to merge into; see <see cref="TargetSchema"/>.</param>
    /// <param name="cancellationToken">Cancels between steps; what was committed stays.</param>
    /// <exception cref="InvalidRowsException">Events break a rule (null key, null sequence, lossy value). Nothing of their commit was written.</exception>
    /// <exception cref="ConfigurationDriftException">The target was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Other writers won every attempt.</exception>
    /// <exception cref="LakehouseException">The schema does not fit, or the target holds a key twice.</exception>
    public async Task<MergeResult> ApplyAsync(StagingTable staging, DeltaTable target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(staging);
        ArgumentNullException.ThrowIfNull(target);
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StepClock clock = new(target.Options.TimeProvider);
            Snapshot source = await staging.Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
            await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
            string appId = AppId(source.TableId);
            MergeResult result = MergeResult.Nothing;
            while (true)
            {
                long from = target.CurrentSnapshot.TransactionVersion(appId) ?? -1;
                StagedRange range = await StagedRange.ReadAsync(staging.Table, source, from, Configuration.MaxRowsPerCommit, cancellationToken).ConfigureAwait(false);
                clock.Lap(MergeStage.Read);
                if (range.Rows == 0)
                {
                    break;
                }

                MergeStep? applied = await MergeCommitter.ApplyAsync(session, Input(range, source.TableId, appId), cancellationToken, clock).ConfigureAwait(false);
                if (applied is { } done)
                {
                    result = result.Plus(done);
                    await Compaction.AfterCommitAsync(target, cancellationToken).ConfigureAwait(false);
                    clock.Lap(MergeStage.Maintain);
                }
            }

            return clock.Stamp(result);
        }
        finally
        {
            session.Gate.Release();
        }
    }

    /// <summary>
    /// Merges one batch without staging. Repeating it changes nothing, since every row is compared with what the table holds; no batch id is kept.
    /// </summary>
    /// <param name="events">The events; not disposed.</param>
    /// <param name="target">The table to merge into; see <see cref="TargetSchema"/>.</param>
    /// <param name="cancellationToken">Cancels between steps; a batch is committed whole or not at all.</param>
    /// <inheritdoc cref="ApplyAsync(StagingTable, DeltaTable, CancellationToken)" path="/exception"/>
    public async Task<MergeResult> ApplyAsync(RecordBatch events, DeltaTable target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(target);
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StepClock clock = new(target.Options.TimeProvider);
            MergeInput input = new() { Events = [events], Audit = new BatchAudit { Flow = Name, Batch = "direct" } };
            MergeStep done = (await MergeCommitter.ApplyAsync(session, input, cancellationToken, clock).ConfigureAwait(false))!;
            if (done.Version is not null)
            {
                await Compaction.AfterCommitAsync(target, cancellationToken).ConfigureAwait(false);
                clock.Lap(MergeStage.Maintain);
            }

            return clock.Stamp(MergeResult.Nothing.Plus(done));
        }
        finally
        {
            session.Gate.Release();
        }
    }

    /// <summary>
    /// Merges a batch that has a number: exactly once, and in order, or with <see cref="MergeFlowBuilder.AllowGaps"/> in any. A number that was applied before is answered with
    /// <see cref="MergeResult.AlreadyApplied"/>, after its content was compared with what was applied under it (semantics 2.5). One that was passed over is applied.
    /// </summary>
    /// <param name="events">The events; not disposed.</param>
    /// <param name="target">The table to merge into; see <see cref="TargetSchema"/>.</param>
    /// <param name="batch">The number of the batch for this flow and target: 0, 1, 2 and so on, without gaps unless the flow allows them.</param>
    /// <param name="cancellationToken">Cancels between steps; a batch is committed whole or not at all.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.BatchContentMismatch"/>: another content was applied under this number. <see cref="ErrorCodes.BatchGap"/>: the batch before
    /// is missing, and the flow does not allow gaps. As long as the log holds the commit of a batch its content is compared; see <c>delta.logRetentionDuration</c>.
    /// </exception>
    /// <inheritdoc cref="ApplyAsync(StagingTable, DeltaTable, CancellationToken)" path="/exception"/>
    public async Task<MergeResult> ApplyAsync(RecordBatch events, DeltaTable target, long batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StepClock clock = new(target.Options.TimeProvider);
            string appId = AppId("batches");
            string digest = BatchLedger.Digest(events);
            while (true)
            {
                Snapshot snapshot = await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
                BatchNumbers numbers = BatchNumbers.Of(snapshot, appId);
                if (!numbers.IsNew(batch)
                    && await AppliedBeforeAsync(target, appId, batch, digest, "batch", numbers.IsForgotten(batch), cancellationToken).ConfigureAwait(false) is { } applied)
                {
                    return clock.Stamp(applied);
                }

                if (numbers.SkipsTo(batch) && !Configuration.AllowsGaps)
                {
                    throw BatchError(
                        ErrorCodes.BatchGap, batch, target, string.Create(CultureInfo.InvariantCulture, $"batch {batch} comes too early: the next one is {numbers.Last + 1}"));
                }

                MergeInput input = new()
                {
                    Events = [events],
                    Follows = version => numbers.Holds(version, batch),
                    Transaction = numbers.Transaction(batch),
                    Gaps = numbers.Gaps(batch),
                    Audit = new BatchAudit { Flow = Name, Batch = batch.ToString(CultureInfo.InvariantCulture), Number = batch, Digest = digest },
                };
                if (await MergeCommitter.ApplyAsync(session, input, cancellationToken, clock).ConfigureAwait(false) is { } done)
                {
                    await Compaction.AfterCommitAsync(target, cancellationToken).ConfigureAwait(false);
                    clock.Lap(MergeStage.Maintain);
                    return clock.Stamp(MergeResult.Nothing.Plus(done) with { AlreadyApplied = false });
                }
            }
        }
        finally
        {
            session.Gate.Release();
        }
    }

    /// <summary>The answer to a number that the log has already, when its content is what was applied then; null where only the commit could tell, and is gone.</summary>
    private async Task<MergeResult?> AppliedBeforeAsync(
        DeltaTable target, string appId, long number, string digest, string kind, bool isForgotten, CancellationToken cancellationToken)
    {
        string? applied = await BatchLedger.FindAsync(target, appId, number, cancellationToken).ConfigureAwait(false);
        if (applied is null && isForgotten)
        {
            return null;
        }

        if (applied is not null && !string.Equals(applied, digest, StringComparison.Ordinal))
        {
            throw BatchError(
                ErrorCodes.BatchContentMismatch, number, target, string.Create(CultureInfo.InvariantCulture, $"{kind} {number} was applied before with another content"));
        }

        target.Logger.NothingNew(Name, target.Storage.Name, number.ToString(CultureInfo.InvariantCulture));
        return MergeResult.Nothing;
    }

    private LakehouseException BatchError(string code, long batch, DeltaTable target, string what) => new(code, $"Flow '{Name}', table {target.Storage.Name}: {what}.")
    {
        Flow = Name,
        Table = target.Storage.Name,
        Batch = batch.ToString(CultureInfo.InvariantCulture),
    };

    internal MergeTarget Session(DeltaTable target) => _targets.GetValue(target, table => new MergeTarget(Configuration, table));

    /// <summary>The application id under which a target's log remembers what it consumed of a staging table.</summary>
    internal string AppId(string stagingTableId) => $"lakehouse.incremental/merge/{Name}/{stagingTableId}";

    private MergeInput Input(StagedRange range, string stagingTableId, string appId) => new()
    {
        Events = range.Events,
        Follows = MergeInput.After(appId, range.From),
        Transaction = new SetTransaction(appId, range.To),
        Audit = new BatchAudit
        {
            Flow = Name,
            Batch = string.Create(CultureInfo.InvariantCulture, $"versions {range.From + 1}..{range.To}"),
            InputTable = stagingTableId,
            InputFromVersion = range.From,
            InputToVersion = range.To,
        },
    };
}
