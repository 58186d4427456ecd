namespace Lakehouse.Incremental.Reconciliation;

/// <summary>Options of a reconciliation.</summary>
public sealed record ReconcileOptions
{
    /// <summary>Report (default) or repair.</summary>
    public ReconcileMode Mode { get; init; } = ReconcileMode.Report;

    /// <summary>How many drifted keys of each kind the report names. Default 10.</summary>
    public int MaxSamples { get; init; } = 10;

    /// <summary>
    /// Bounds memory: about so many events are held at a time; a longer history is read in several passes, each for a share of the keys. Default 2,000,000.
    /// </summary>
    public long MaxEventsPerPass { get; init; } = 2_000_000;

    /// <summary>Told the share of the work done, from 0 to 1. Default: nobody.</summary>
    public IProgress<double>? Progress { get; init; }
}
