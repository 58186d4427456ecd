using Apache.Arrow;

namespace Lakehouse.Incremental.Changes;

/// <summary>Where normalised events come from.</summary>
/// <param name="Events">The batch as it was given.</param>
/// <param name="Rows">For each normalised event, in order, its row there.</param>
internal sealed record EventOrigin(RecordBatch Events, int[] Rows);
