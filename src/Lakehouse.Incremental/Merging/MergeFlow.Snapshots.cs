using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Lineage;
using Lakehouse.Incremental.SourceSnapshots;

namespace Lakehouse.Incremental.Merging;

/// <content>Sources that tell their whole state instead of changes.</content>
public sealed partial class MergeFlow
{
    /// <inheritdoc cref="ApplySnapshotAsync(IReadOnlyList{RecordBatch}, DeltaTable, long, SnapshotOptions?, CancellationToken)"/>
    public Task<MergeResult> ApplySnapshotAsync(
        RecordBatch rows, DeltaTable target, long version, SnapshotOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return ApplySnapshotAsync([rows], target, version, options, cancellationToken);
    }

    /// <summary>
    /// Merges a complete snapshot of the source as of a version, in one commit (semantics 2.19): rows that are new or differ from the current row of their key become upserts,
    /// keys that the target has and the snapshot lacks become deletes under the flow's <see cref="MergeFlowBuilder.DeleteMode"/>, all with the version as their sequence. Nothing
    /// is written for a row that is as it was: it keeps its sequence, and a history gets no row. The counts of the result are those of the upserts and deletes.
    /// </summary>
    /// <remarks>
    /// Every row is an upsert: operation codes, conditions and former keys of the flow do not apply. A column that the rows lack keeps its values, as with events.
    /// A target may also get change events: then their sequences and the versions must be places in one order, such as positions in one log. Of a key that is newer in the target
    /// the snapshot is merged as late events are; an event that is older than a snapshot and comes after it is applied to a key which the snapshot found unchanged, since
    /// nothing was remembered of that.
    /// </remarks>
    /// <param name="rows">All rows of the source, in batches as one likes; not disposed. They may lack the sequence column.</param>
    /// <param name="target">The table to merge into; see <see cref="TargetSchema"/>.</param>
    /// <param name="version">The version of the snapshot, greater than that of all before it; not negative. Gaps are allowed.</param>
    /// <param name="options">What the snapshot speaks for, and how much it may delete; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between steps; a snapshot is committed whole or not at all.</param>
    /// <returns>What it did; <see cref="MergeResult.AlreadyApplied"/> when the same rows were applied under this version, whatever the options.</returns>
    /// <exception cref="InvalidRowsException"><see cref="ErrorCodes.SnapshotDuplicateKey"/>, <see cref="ErrorCodes.SnapshotOutOfScope"/>,
    /// <see cref="ErrorCodes.SnapshotSequenceMismatch"/>: count and keys say which rows; or rows break a rule for events. Nothing was written.</exception>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SnapshotVersionNotIncreasing"/>; <see cref="ErrorCodes.BatchContentMismatch"/>: other rows were applied under this version;
    /// <see cref="ErrorCodes.SnapshotEmpty"/>; <see cref="ErrorCodes.MassDeleteGuard"/>; <see cref="ErrorCodes.TooLate"/>: the version is before the horizon or the baseline of the table;
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the order of the flow is not one column of an integer type; the schema does not fit, or the target holds a key twice. Nothing was written.
    /// </exception>
    /// <exception cref="ConfigurationDriftException">The target was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Other writers won every attempt.</exception>
    public async Task<MergeResult> ApplySnapshotAsync(
        IReadOnlyList<RecordBatch> rows, DeltaTable target, long version, SnapshotOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        (options ??= new SnapshotOptions()).Validate();
        MergeTarget session = Session(target);
        await session.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StepClock clock = new(target.Options.TimeProvider);
            SnapshotSequence.Check(Configuration, target.Storage.Name, target.CurrentSnapshot.Schema);
            SourceSnapshot given = new(version, [.. rows.Select(part => SnapshotSequence.Of(Configuration, target.Storage.Name, part, version))], options);
            string appId = AppId("snapshots");
            string digest = given.Digest;
            while (true)
            {
                Snapshot snapshot = await target.RefreshAsync(cancellationToken).ConfigureAwait(false);
                long? last = snapshot.TransactionVersion(appId);
                if (version == last)
                {
                    return clock.Stamp((await AppliedBeforeAsync(target, appId, version, digest, "snapshot", isForgotten: false, cancellationToken).ConfigureAwait(false))!);
                }

                Require(version > (last ?? -1), ErrorCodes.SnapshotVersionNotIncreasing, string.Create(CultureInfo.InvariantCulture, $"version {last} was applied before"));
                Require(!given.IsEmpty || options.AllowEmpty, ErrorCodes.SnapshotEmpty, $"it has no rows; if that is right, say {nameof(SnapshotOptions.AllowEmpty)}");
                if (await MergeCommitter.ApplyAsync(session, Input(given, appId, last ?? -1, digest), cancellationToken, clock).ConfigureAwait(false) is { } done)
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

        void Require(bool condition, string code, string what)
        {
            if (!condition)
            {
                throw SnapshotErrors.Of(code, Configuration, target.Storage.Name, version, what);
            }
        }
    }

    private MergeInput Input(SourceSnapshot snapshot, string appId, long last, string digest) => new()
    {
        Events = snapshot.Rows,
        Follows = MergeInput.After(appId, last),
        Transaction = new SetTransaction(appId, snapshot.Version),
        Audit = new BatchAudit { Flow = Name, Batch = snapshot.Name, Digest = digest },
        Select = (session, token) => SnapshotEvents.OfAsync(session, snapshot, Clock(session.Layout, EventKind.Delete, [snapshot.Version]), token),
    };
}
