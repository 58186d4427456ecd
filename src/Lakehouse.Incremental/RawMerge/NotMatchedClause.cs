namespace Lakehouse.Incremental.RawMerge;

/// <summary>What becomes of source rows that have no match in the target.</summary>
public sealed class NotMatchedClause
{
    private readonly MergeStatement _statement;
    private readonly string? _condition;

    internal NotMatchedClause(MergeStatement statement, string? condition) => (_statement, _condition) = (statement, condition);

    /// <summary>A row is inserted.</summary>
    /// <param name="values">Gives the values; columns that get none have their default, their generated value or number, or null.</param>
    /// <exception cref="ArgumentException">It sets no column.</exception>
    public MergeStatement Insert(Action<MergeAssignments> values) => With(MergeAssignments.Collect(values));

    /// <summary>
    /// The source row is inserted, columns by name (<c>INSERT *</c>). The source needs all columns of the table but those with a default, generated or
    /// numbered ones, unless the schema evolves. What else it has is left out, or is added to the table where the schema evolves.
    /// </summary>
    public MergeStatement InsertAll() => With(null);

    private MergeStatement With(IReadOnlyList<(string Column, string Expression)>? assignments) =>
        _statement.With(new MergeClause(MergeFamily.NotMatched, MergeAction.Insert, _condition, assignments, null));
}
