using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Merging;

/// <summary>Which numbers of batches a version of a table has taken (semantics 2.5): all up to the greatest, without those that were passed over.</summary>
internal sealed class BatchNumbers
{
    private readonly Snapshot _snapshot;
    private readonly string _appId;
    private readonly TransactionGaps _gaps;

    private BatchNumbers(Snapshot snapshot, string appId) =>
        (_snapshot, _appId, _gaps, Last) = (snapshot, appId, TransactionGaps.Of(snapshot, appId), snapshot.TransactionVersion(appId) ?? -1);

    /// <summary>The greatest; -1 when there is none.</summary>
    public long Last { get; }

    public static BatchNumbers Of(Snapshot snapshot, string appId) => new(snapshot, appId);

    /// <summary>True when the batch may be merged: it was not, as far as is known.</summary>
    public bool IsNew(long batch) => batch > Last || _gaps.Contains(batch);

    /// <summary>True when the batch passes numbers over.</summary>
    public bool SkipsTo(long batch) => batch > Last + 1;

    /// <summary>True when so many gaps came after the number that only the log may know whether it was merged.</summary>
    public bool IsForgotten(long batch) => batch < _gaps.ForgottenBelow;

    /// <summary>The transaction of the batch: of the greatest number, since other writers take a smaller one for merged.</summary>
    public SetTransaction Transaction(long batch) => new(_appId, Math.Max(batch, Last));

    /// <summary>The numbers passed over once the batch is merged; null when they stay as they are.</summary>
    public DomainMetadata? Gaps(long batch) => _gaps.With(Last + 1, batch - 1).Without(batch).Write(_snapshot, _appId);

    /// <summary>True for a version of the table in which the same is known of the number.</summary>
    public bool Holds(Snapshot snapshot, long batch) => snapshot.Version == _snapshot.Version
        || (!IsForgotten(batch)
            && snapshot.TransactionVersion(_appId) == _snapshot.TransactionVersion(_appId)
            && string.Equals(snapshot.Domain(TransactionGaps.Domain), _snapshot.Domain(TransactionGaps.Domain), StringComparison.Ordinal));
}
