namespace Lakehouse.Incremental.RawMerge;

/// <summary>What becomes of target rows that have a match in the source.</summary>
public sealed class MatchedClause
{
    private readonly MergeStatement _statement;
    private readonly string? _condition;

    internal MatchedClause(MergeStatement statement, string? condition) => (_statement, _condition) = (statement, condition);

    /// <summary>They get new values in some columns.</summary>
    /// <param name="set">Gives the values; the other columns keep theirs, and generated columns follow.</param>
    /// <exception cref="ArgumentException">It sets no column.</exception>
    public MergeStatement Update(Action<MergeAssignments> set) => With(MergeAction.Update, MergeAssignments.Collect(set));

    /// <summary>
    /// They get the values of the source row in all columns, by name (<c>UPDATE SET *</c>). The source needs all columns of the table but those that it
    /// generates or numbers, unless the schema evolves. What else it has is left out, or added to the table where the schema evolves.
    /// </summary>
    public MergeStatement UpdateAll() => With(MergeAction.Update, null);

    /// <summary>They are deleted.</summary>
    public MergeStatement Delete() => With(MergeAction.Delete, null);

    private MergeStatement With(MergeAction action, IReadOnlyList<(string Column, string Expression)>? assignments) =>
        _statement.With(new MergeClause(MergeFamily.Matched, action, _condition, assignments, null));
}
