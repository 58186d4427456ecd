using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Quarantine;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>Collects the rules of a merge flow. Everything is checked in <see cref="Build"/>.</summary>
public sealed class MergeFlowBuilder
{
    private MergeConfiguration _configuration;

    internal MergeFlowBuilder(string name) =>
        _configuration = new MergeConfiguration { Name = name, Keys = [], Sequence = [] };

    /// <summary>The columns that identify a row. Required. A null in any of them is an invalid event (semantics 2.8).</summary>
    public MergeFlowBuilder Keys(params string[] columns) => With(_configuration with { Keys = [.. columns] });

    /// <summary>
    /// The columns that order the events of one key, most significant first. Required; the target keeps them. A null or NaN in any of them is an invalid
    /// event (semantics 2.9), but see <see cref="NullsFirst"/>. Integers, decimals, strings, dates, timestamps, binary and floating-point columns can order, and structs of these.
    /// </summary>
    public MergeFlowBuilder SequenceBy(params string[] columns) => With(_configuration with { Sequence = [.. columns] });

    /// <summary>
    /// Components of a composite sequence in which a null is a place in the order: before all values (semantics 2.9). An event whose sequence has nulls only is invalid all the
    /// same. Default: a null in any component makes its event invalid. It is part of what a table is built with.
    /// </summary>
    /// <param name="columns">Columns of <see cref="SequenceBy"/>, where it names several; of a struct also its fields: <c>position.row</c>.</param>
    public MergeFlowBuilder NullsFirst(params string[] columns) => With(_configuration with { NullsFirst = [.. columns] });

    /// <summary>Events that satisfy the condition delete their key; a condition that is unknown (null) does not. Default: no event deletes.</summary>
    public MergeFlowBuilder ApplyAsDeleteWhen(Func<ChangeColumns, Filter> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return With(_configuration with { DeleteWhen = condition(new ChangeColumns()) });
    }

    /// <summary>
    /// Events that satisfy the condition delete every key whose events are older, at whatever time they arrive (semantics 2.33). Their key columns may be
    /// null. Default: no event truncates.
    /// </summary>
    public MergeFlowBuilder ApplyAsTruncateWhen(Func<ChangeColumns, Filter> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return With(_configuration with { TruncateWhen = condition(new ChangeColumns()) });
    }

    /// <summary>Events that satisfy the condition are rows of a snapshot: any change at their sequence outranks them (semantics 2.42).</summary>
    public MergeFlowBuilder ApplyAsSnapshotReadWhen(Func<ChangeColumns, Filter> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return With(_configuration with { SnapshotReadWhen = condition(new ChangeColumns()) });
    }

    /// <summary>What an event does stands in a text column. An unknown code makes the event invalid, where conditions would take it for an upsert.</summary>
    /// <param name="column">The column. To keep it out of the target name it in <see cref="ExceptColumns"/>, too.</param>
    /// <param name="codes">What the codes mean.</param>
    public MergeFlowBuilder Operations(string column, OperationCodes codes)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentNullException.ThrowIfNull(codes);
        return With(_configuration with { OperationColumn = column, Operations = codes });
    }

    /// <summary>What a delete does to the rows of its key: <see cref="Merging.DeleteMode.Hard"/> by default.</summary>
    public MergeFlowBuilder DeleteMode(DeleteMode mode) => With(_configuration with { DeleteMode = mode });

    /// <summary>At one sequence a delete stands after an upsert. Default: before it, so that the two replace the row (semantics 2.0).</summary>
    public MergeFlowBuilder DeleteWinsTies() => With(_configuration with { DeleteWinsTies = true });

    /// <summary>What different events of one key at one sequence do to their batch: <see cref="AmbiguousTie.Resolve"/> by default.</summary>
    public MergeFlowBuilder OnAmbiguousTie(AmbiguousTie rule) => With(_configuration with { AmbiguousTie = rule });

    /// <summary>A null in these columns of an event says nothing, like an absent column (semantics 2.12). Default: a null is a value.</summary>
    /// <param name="columns">The columns; none for all but keys and sequences.</param>
    public MergeFlowBuilder IgnoreNullUpdates(params string[] columns) => With(_configuration with { IgnoreNulls = [.. columns] });

    /// <summary>The events name the columns they set in a column of their own, a list of texts; a null list sets all. The target does not keep it.</summary>
    public MergeFlowBuilder ColumnsToUpdate(string column)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        return With(_configuration with { ColumnsToUpdate = column });
    }

    /// <summary>This text in a text column, or its UTF-8 bytes in a binary one, says nothing, like an absent column: <c>__debezium_unavailable_value</c>, say.</summary>
    public MergeFlowBuilder UnsetMarker(string marker)
    {
        ArgumentException.ThrowIfNullOrEmpty(marker);
        return With(_configuration with { UnsetMarker = marker });
    }

    /// <summary>
    /// Gives columns a clock of their own, for events of another source whose sequence does not compare (semantics 2.36); type 1 only. An event sets the
    /// group's columns where its sequence is not null. Whether a row exists is for the main sequence to say: deletes do not touch the group.
    /// </summary>
    /// <param name="sequence">The columns that order what is said of the group; the target keeps them.</param>
    /// <param name="columns">The columns of the group.</param>
    public MergeFlowBuilder SequenceGroup(string[] sequence, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        return With(_configuration with { Groups = [.. _configuration.Groups, new SequenceGroup([.. sequence], [.. columns])] });
    }

    /// <summary>
    /// Type 2 only: the columns that say from when on an event holds, where that is not its sequence. Of events that hold from the same time the one with
    /// the greater sequence corrects the other (semantics 2.15). Periods are in terms of these columns.
    /// </summary>
    public MergeFlowBuilder EffectiveAt(params string[] columns) => With(_configuration with { EffectiveAt = [.. columns] });

    /// <summary>
    /// Event columns that hold the key before it was changed, one for each key column, null where the key did not change (with <see cref="NullSafeKeys"/> all are null
    /// then). Such an event deletes the former
    /// key and upserts the new one (semantics 2.32). The target does not keep them.
    /// </summary>
    public MergeFlowBuilder PreviousKeys(params string[] columns) => With(_configuration with { PreviousKeys = [.. columns] });

    /// <summary>A null in a key column is a value that equals itself. Default: an event with one is invalid (semantics 2.8).</summary>
    public MergeFlowBuilder NullSafeKeys() => With(_configuration with { NullSafeKeys = true });

    /// <summary>What happens to columns that the target does not have: <see cref="Merging.SchemaPolicy.AddNullable"/> by default.</summary>
    public MergeFlowBuilder SchemaPolicy(SchemaPolicy policy) => With(_configuration with { SchemaPolicy = policy });

    /// <summary>Type 2 only: which rows show a change of untracked columns; <see cref="Merging.UntrackedScope.CurrentRun"/> by default.</summary>
    public MergeFlowBuilder UntrackedScope(UntrackedScope scope) => With(_configuration with { UntrackedScope = scope });

    /// <summary>Type 2 only: the names of the columns of a period; <see cref="Scd2.HistoryColumns.Default"/> by default.</summary>
    public MergeFlowBuilder HistoryColumns(HistoryColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return With(_configuration with { History = columns });
    }

    /// <summary>Event columns that the target does not keep, such as the operation code. Default: it keeps all.</summary>
    public MergeFlowBuilder ExceptColumns(params string[] columns) => With(_configuration with { ExceptColumns = [.. columns] });

    /// <summary>Type 1 (latest row per key, the default) or type 2 (history).</summary>
    public MergeFlowBuilder StoredAs(ScdType scdType) => With(_configuration with { StoredAs = scdType });

    /// <summary>Type 2 only: a change in these columns opens a new period. Default: in any column but keys and sequence.</summary>
    public MergeFlowBuilder TrackHistoryOn(params string[] columns) => With(_configuration with { TrackOnly = [.. columns] });

    /// <summary>Type 2 only: a change in these columns alone does not open a new period; the open row shows the latest values (semantics 2.16).</summary>
    public MergeFlowBuilder TrackHistoryExcept(params string[] columns) => With(_configuration with { TrackExcept = [.. columns] });

    /// <summary>
    /// Sets events apart that cannot be merged (a null in a key or sequence column, NaN in a sequence column, a value that a column of the target cannot
    /// hold), instead of failing their batch. They are in the quarantine, once each, before the commit that consumes them; the others are merged.
    /// Default: such an event fails its batch (semantics 2.8).
    /// </summary>
    /// <param name="quarantine">Where they go. It may be changed at any time: what was quarantined stays where it is.</param>
    public MergeFlowBuilder QuarantineTo(QuarantineTable quarantine)
    {
        ArgumentNullException.ThrowIfNull(quarantine);
        return With(_configuration with { Quarantine = quarantine });
    }

    /// <summary>The most events of one commit, 1,000,000 by default. Staged versions are never split, so one version may exceed it.</summary>
    public MergeFlowBuilder MaxRowsPerCommit(long rows) => With(_configuration with { MaxRowsPerCommit = rows });

    /// <summary>
    /// A batch with a number may come before those with smaller ones (semantics 2.5). The numbers that were passed over are kept with the table, so that one that comes late is
    /// applied, and then known. Of the last 1,000 runs of such numbers that is certain whatever becomes of the log; of older ones as long as the log has the commit, and without
    /// it the batch is merged again, which changes no row. It may be changed at any time: numbers that were passed over may always come. Default: a gap is an error
    /// (<see cref="ErrorCodes.BatchGap"/>).
    /// </summary>
    public MergeFlowBuilder AllowGaps() => With(_configuration with { AllowsGaps = true });

    /// <summary>Checks the rules and makes the flow.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: the message says which rule is wrong.</exception>
    public MergeFlow Build()
    {
        MergeConfigurationRules.Check(_configuration);
        return new MergeFlow(_configuration);
    }

    private MergeFlowBuilder With(MergeConfiguration configuration)
    {
        _configuration = configuration;
        return this;
    }
}
