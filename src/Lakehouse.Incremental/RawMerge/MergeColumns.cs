namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// The columns that expressions of a merge are written over: <c>m => m.Source["n"] > m.Target["n"]</c>. A clause for source rows without a match sees
/// <see cref="Source"/> only, one for target rows without a match <see cref="Target"/> only.
/// </summary>
public sealed class MergeColumns
{
    private MergeColumns()
    {
    }

    /// <summary>The columns of the source row.</summary>
    public MergeSide Source { get; } = new("source");

    /// <summary>The columns of the target row, as it was before the merge.</summary>
    public MergeSide Target { get; } = new("target");

    internal static string Write(Func<MergeColumns, MergeExpression> expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return (expression(new MergeColumns()) ?? throw new ArgumentException("The expression is null; the SQL value is MergeExpression.Null.", nameof(expression)))
            .Sql;
    }
}
