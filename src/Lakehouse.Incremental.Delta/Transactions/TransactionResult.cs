using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>A commit that stands.</summary>
/// <param name="Version">Its version.</param>
/// <param name="ReadSnapshot">The version before it, which the plan was derived from or, after lost races it survived, checked against.</param>
/// <param name="Snapshot">The table as of this commit.</param>
/// <param name="Plan">What was committed, fitted to the commits that came first.</param>
/// <param name="Attempts">How often a commit was tried; 1 when no race was lost.</param>
internal sealed record TransactionResult(long Version, Snapshot ReadSnapshot, Snapshot Snapshot, CommitPlan Plan, int Attempts);
