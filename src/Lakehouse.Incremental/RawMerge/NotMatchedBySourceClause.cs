namespace Lakehouse.Incremental.RawMerge;

/// <summary>What becomes of target rows that have no match in the source.</summary>
public sealed class NotMatchedBySourceClause
{
    private readonly MergeStatement _statement;
    private readonly MergeScope _scope;
    private readonly string? _condition;

    internal NotMatchedBySourceClause(MergeStatement statement, MergeScope scope, string? condition) =>
        (_statement, _scope, _condition) = (statement, scope, condition);

    /// <summary>They get new values in some columns; expressions see the target row only.</summary>
    /// <param name="set">Gives the values; the other columns keep theirs, and generated columns follow.</param>
    /// <exception cref="ArgumentException">It sets no column.</exception>
    public MergeStatement Update(Action<MergeAssignments> set) => With(MergeAction.Update, MergeAssignments.Collect(set));

    /// <summary>They are deleted.</summary>
    public MergeStatement Delete() => With(MergeAction.Delete, null);

    private MergeStatement With(MergeAction action, IReadOnlyList<(string Column, string Expression)>? assignments) =>
        _statement.With(new MergeClause(MergeFamily.NotMatchedBySource, action, _condition, assignments, _scope));
}
