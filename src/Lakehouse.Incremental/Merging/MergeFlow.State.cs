using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Lineage;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Merging;

/// <content>What a flow remembers beside the rows: how far back, and since when.</content>
public sealed partial class MergeFlow
{
    /// <summary>
    /// Forgets what only events before a place in the order could ask for: tombstones, and of a history the unchanged members of runs. From then on an event
    /// before it that could be wrong to apply is too late: it goes to the flow's quarantine (<see cref="ErrorCodes.TooLate"/>) and is never applied. The horizon only
    /// advances (semantics 2.4).
    /// </summary>
    /// <param name="target">The table.</param>
    /// <param name="horizon">
    /// A value for each column of <see cref="MergeFlowBuilder.EffectiveAt"/> and <see cref="MergeFlowBuilder.SequenceBy"/>: null where <see cref="MergeFlowBuilder.NullsFirst"/> takes
    /// nulls, and for a struct a list of the values of its fields.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What it did; without a version when the horizon was there already.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the flow has no quarantine. <see cref="ErrorCodes.SchemaMismatch"/>: a value does not fit its column.
    /// </exception>
    public Task<MergeResult> AdvanceHorizonAsync(DeltaTable target, IReadOnlyList<object?> horizon, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(horizon);
        if (Configuration.Quarantine is null)
        {
            throw new LakehouseException(
                ErrorCodes.InvalidConfiguration, $"Flow '{Name}': events before the horizon go to a quarantine: give the flow one with {nameof(MergeFlowBuilder.QuarantineTo)}.")
            {
                Flow = Name,
            };
        }

        return RunAsync(target, new MergeInput
        {
            Events = [],
            TouchesAllKeys = true,
            Audit = new BatchAudit { Flow = Name, Batch = "horizon", Origin = BatchAudit.Collection },
            Select = (session, _) =>
            {
                ChangeBatch clock = Clock(session.Layout, EventKind.Horizon, horizon);
                bool advances = session.Horizon is not { } former || clock.Orders[0].SequenceCompareTo(former.Span) > 0;
                return Task.FromResult(NormalizedEvents.Derived(advances ? clock : new ChangeBatch(session.Layout, ConcatKernel.Concat(session.Layout.Data, []), [])));
            },
        }, cancellationToken);
    }

    /// <summary>
    /// Takes over a table that no flow has written: its rows have one clock, the baseline, and events up to it are late (type 1) or too late (type 2, where they would
    /// change a history whose making is not known). The sequence columns must be there; rows may have nulls in them (semantics 2.43b).
    /// </summary>
    /// <param name="target">The table. A history must be a valid timeline: no overlap, at most one open row a key.</param>
    /// <param name="baseline">A value for each column of <see cref="MergeFlowBuilder.SequenceBy"/>, as for a horizon; no row may have a greater sequence.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ConfigurationDriftException">A flow keeps the table already.</exception>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the flow has sequence groups or effective times, or a row is newer than the baseline.
    /// <see cref="ErrorCodes.TimelineBroken"/>: periods of a key overlap or are empty, or marks have no time; <see cref="ErrorCodes.TargetKeyNotUnique"/>; <see cref="ErrorCodes.NullKey"/>.
    /// </exception>
    public Task<MergeResult> AdoptAsync(DeltaTable target, IReadOnlyList<object?> baseline, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(baseline);
        return RunAsync(target, new MergeInput
        {
            Events = [],
            Adopts = true,
            TouchesAllKeys = Configuration.IsHistory,
            Audit = new BatchAudit { Flow = Name, Batch = "adoption", Origin = BatchAudit.Adoption },
            Select = async (session, token) =>
                NormalizedEvents.Derived(await Adoption.EventsAsync(session, Clock(session.Layout, EventKind.Baseline, baseline), token).ConfigureAwait(false)),
            Verify = Adoption.Verify,
        }, cancellationToken);
    }

    private async Task<MergeResult> RunAsync(DeltaTable target, MergeInput input, CancellationToken cancellationToken)
    {
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StepClock clock = new(target.Options.TimeProvider);
            MergeStep done = (await MergeCommitter.ApplyAsync(session, input, cancellationToken, clock).ConfigureAwait(false))!;
            return clock.Stamp(MergeResult.Nothing.Plus(done) with { AlreadyApplied = done.Version is null });
        }
        finally
        {
            session.Gate.Release();
        }
    }

    /// <summary>A record for the whole table: no key, and a place in the order.</summary>
    private ChangeBatch Clock(MergeLayout layout, EventKind kind, IReadOnlyList<object?> order)
    {
        Require(order.Count == layout.Order.Length, "");
        RecordBatch row = new(
            layout.Data,
            layout.Data.FieldsList.Select((field, position) =>
                System.Array.IndexOf(layout.Order, position) is int at and >= 0 ? SequencePlace.ToArray(Name, order[at], field) : NullArrays.Create(field.DataType, 1)),
            1);
        InvalidEvents invalid = new(1);
        InvalidSequences.Add(invalid, layout, row, static _ => false);
        Require(invalid.Count == 0, $": {string.Concat(invalid.Of(row).Rejections.Select(static r => r.Column))} has none");
        return new ChangeBatch(layout, row, [kind]);

        void Require(bool condition, string but)
        {
            if (!condition)
            {
                throw new LakehouseException(
                    ErrorCodes.SchemaMismatch, $"Flow '{Name}': a place in the order needs a value for each of {string.Join(", ", Configuration.Order)}{but}.") { Flow = Name };
            }
        }
    }
}
