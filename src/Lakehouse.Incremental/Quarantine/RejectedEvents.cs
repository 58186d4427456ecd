using Apache.Arrow;

namespace Lakehouse.Incremental.Quarantine;

/// <summary>Events of one batch that cannot be merged.</summary>
/// <param name="Events">The whole batch as it was given.</param>
/// <param name="Rejections">Those of its rows, in order.</param>
internal sealed record RejectedEvents(RecordBatch Events, IReadOnlyList<Rejection> Rejections);
