using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>
/// Proves that an incrementally kept table equals a full recompute of its input, and repairs it where it does not. A second run after a repair finds
/// nothing. Input that the table has not consumed yet is not drift: the comparison stops at the version the table's log names.
/// </summary>
public static class Reconciler
{
    /// <summary>Compares a merge target with the full history of its staging table.</summary>
    /// <param name="flow">The flow that keeps the target.</param>
    /// <param name="staging">The staging table, with its whole history.</param>
    /// <param name="target">The table to prove.</param>
    /// <param name="options">Report or repair, memory, samples; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ConfigurationDriftException">The target was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Another writer merged while the repair ran.</exception>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the target was adopted, or has merged from another staging table or batches with numbers, too.
    /// </exception>
    public static async Task<ReconcileReport> ReconcileAsync(
        MergeFlow flow, StagingTable staging, DeltaTable target, ReconcileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(staging);
        ArgumentNullException.ThrowIfNull(target);
        ReconcileReport report = await new MergeReconciliation(flow, staging, target, options ?? new ReconcileOptions()).RunAsync(cancellationToken).ConfigureAwait(false);
        return Logged(report, flow.Name, target);
    }

    /// <summary>Compares an aggregate table with a recompute from all rows of its input, bit for bit.</summary>
    /// <param name="flow">The flow that keeps the target.</param>
    /// <param name="input">The table that is aggregated.</param>
    /// <param name="target">The table to prove.</param>
    /// <param name="options">Report or repair, samples; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ConfigurationDriftException">The target was built with another configuration.</exception>
    /// <exception cref="CommitConflictException">Another writer updated the target while the repair ran.</exception>
    public static async Task<ReconcileReport> ReconcileAsync(
        AggregateFlow flow, DeltaTable input, DeltaTable target, ReconcileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        ReconcileReport report = await new AggregateReconciliation(flow, input, target, options ?? new ReconcileOptions()).RunAsync(cancellationToken).ConfigureAwait(false);
        return Logged(report, flow.Name, target);
    }

    private static ReconcileReport Logged(ReconcileReport report, string flow, DeltaTable target)
    {
        string table = target.Storage.Name;
        if (report.IsClean)
        {
            target.Logger.NoDrift(flow, table, report.TargetVersion, report.InputVersion, report.ActualRows);
            return report;
        }

        string samples = string.Join("; ", report.Samples.Take(Merging.MergeCounts.MaxSamples).Select(static s => s.Key));
        target.Logger.DriftFound(flow, table, report.TargetVersion, report.Missing, report.Extra, report.Different, report.Duplicate, report.StateDrift, samples);
        if (report.RepairVersion is { } version)
        {
            target.Logger.DriftRepaired(flow, table, version);
        }

        return report;
    }
}
