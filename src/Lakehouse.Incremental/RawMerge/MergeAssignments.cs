namespace Lakehouse.Incremental.RawMerge;

/// <summary>The values a clause gives to columns of the target.</summary>
public sealed class MergeAssignments
{
    private readonly List<(string Column, string Expression)> _assignments = [];

    internal MergeAssignments()
    {
    }

    /// <summary>Gives a column the value of an SQL expression.</summary>
    /// <param name="column">A column of the target.</param>
    /// <param name="expression">
    /// SQL over <c>target.</c> and <c>source.</c> columns, as far as the clause has both, such as <c>target.total + source.amount</c>. It sees the
    /// rows as they were before the merge. Numbers become the type of the column when they fit; a text becomes a number only by a CAST.
    /// </param>
    public MergeAssignments Set(string column, string expression)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentException.ThrowIfNullOrEmpty(expression);
        _assignments.Add((column, expression));
        return this;
    }

    /// <summary>Gives a column the value of an expression: <c>set.Set("total", m => m.Target["total"] + m.Source["amount"])</c>.</summary>
    /// <param name="column">A column of the target.</param>
    /// <param name="expression">Sees and converts as the SQL of <see cref="Set(string, string)"/>.</param>
    public MergeAssignments Set(string column, Func<MergeColumns, MergeExpression> expression) => Set(column, MergeColumns.Write(expression));

    internal static IReadOnlyList<(string Column, string Expression)> Collect(Action<MergeAssignments> assign)
    {
        ArgumentNullException.ThrowIfNull(assign);
        MergeAssignments assignments = new();
        assign(assignments);
        return assignments._assignments.Count > 0
            ? assignments._assignments
            : throw new ArgumentException("A clause that updates or inserts sets at least one column.", nameof(assign));
    }
}
