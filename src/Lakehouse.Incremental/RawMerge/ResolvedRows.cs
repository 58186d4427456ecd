namespace Lakehouse.Incremental.RawMerge;

/// <summary>What clauses do with the rows of some files.</summary>
/// <param name="Pairs">The rows that match.</param>
/// <param name="Updates">The rows that clauses update.</param>
/// <param name="Deleted">By target row, whether it is deleted.</param>
/// <param name="TakenSources">The source row of each pair that a clause took.</param>
internal sealed record ResolvedRows(MatchedPairs Pairs, IReadOnlyList<UpdatedRows> Updates, bool[] Deleted, int[] TakenSources);
