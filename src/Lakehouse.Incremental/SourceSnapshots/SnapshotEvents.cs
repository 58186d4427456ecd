using System.Globalization;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>The events that a snapshot comes to for a target as one attempt finds it, once the guards let it pass.</summary>
internal static class SnapshotEvents
{
    /// <param name="target">The table.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="clock">One row at the place of the version in the order.</param>
    /// <param name="cancellationToken">Cancels between files.</param>
    public static async Task<NormalizedEvents> OfAsync(MergeTarget target, SourceSnapshot snapshot, ChangeBatch clock, CancellationToken cancellationToken)
    {
        string table = target.Table.Storage.Name;
        bool tooLate = (target.Horizon is { } horizon && clock.Orders[0].SequenceCompareTo(horizon.Span) < 0)
            || (target.Clocks.Baseline is { } baseline && clock.Orders[0].SequenceCompareTo(baseline.Span) <= 0);
        if (tooLate)
        {
            throw SnapshotErrors.Of(ErrorCodes.TooLate, target.Flow, table, snapshot.Version, "it is older than the horizon of the table, or than its baseline");
        }

        SnapshotRows rows = SnapshotRows.Of(target, snapshot);
        LivingRows living = new(target, snapshot.Options.Scope);
        SnapshotComparison comparison = await SnapshotComparison.OfAsync(target, rows, clock, living, cancellationToken).ConfigureAwait(false);
        if (comparison.Deleted > snapshot.Options.MinGuardRows && comparison.Deleted > snapshot.Options.MaxDeleteFraction * comparison.InScope)
        {
            string what = string.Create(
                CultureInfo.InvariantCulture,
                $"{comparison.Deleted} of {comparison.InScope} rows in scope are absent and would be deleted, more than {snapshot.Options.MaxDeleteFraction} of them; if that is right, raise {nameof(SnapshotOptions.MaxDeleteFraction)}");
            int[] keys = [.. Enumerable.Range(0, target.Layout.Keys.Length)];
            throw SnapshotErrors.OfDeletes(
                target.Flow, table, snapshot.Version, what, comparison.Deleted, KeyText.Samples(comparison.Absent, keys, Enumerable.Range(0, comparison.Absent.Length)));
        }

        return comparison.ToEvents();
    }
}
