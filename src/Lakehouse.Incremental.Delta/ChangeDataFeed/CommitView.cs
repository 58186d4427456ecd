using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>One commit of a range.</summary>
/// <param name="Version">Its version.</param>
/// <param name="TimestampMs">When it was committed, in milliseconds since the Unix epoch.</param>
/// <param name="Actions">What it did.</param>
/// <param name="Definition">A snapshot with the schema and properties as of the commit; its files may be those of a later version.</param>
internal sealed record CommitView(long Version, long TimestampMs, IReadOnlyList<DeltaAction> Actions, Snapshot Definition);
