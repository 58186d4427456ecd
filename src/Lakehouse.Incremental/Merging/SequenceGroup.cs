namespace Lakehouse.Incremental.Merging;

/// <summary>Columns with a clock of their own (semantics 2.36).</summary>
/// <param name="Sequence">The columns that order what is said of <paramref name="Columns"/>; the target keeps them.</param>
/// <param name="Columns">The columns of the group.</param>
internal sealed record SequenceGroup(IReadOnlyList<string> Sequence, IReadOnlyList<string> Columns);
