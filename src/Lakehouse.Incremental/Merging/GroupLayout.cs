namespace Lakehouse.Incremental.Merging;

/// <summary>Where the columns of a sequence group stand.</summary>
/// <param name="Sequence">The columns of its clock.</param>
/// <param name="Columns">The columns that the clock orders.</param>
internal sealed record GroupLayout(int[] Sequence, int[] Columns);
