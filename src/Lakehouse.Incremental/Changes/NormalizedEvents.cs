using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Changes;

/// <summary>What normalising makes of events: those that can be merged, and those that go to quarantine; the latter only where the flow has one.</summary>
internal sealed record NormalizedEvents(ChangeBatch Batch, IReadOnlyList<RejectedEvents> Rejected);
