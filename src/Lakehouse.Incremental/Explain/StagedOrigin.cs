namespace Lakehouse.Incremental.Explain;

/// <summary>What is known of a staged event beside the event itself.</summary>
internal sealed record StagedOrigin(StagedPlace Place, bool IsPending, bool IsTooLate);
