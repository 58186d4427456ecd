namespace Lakehouse.Incremental.RawMerge;

/// <summary>The columns of one side of a merge.</summary>
public sealed class MergeSide
{
    private readonly string _name;

    internal MergeSide(string name) => _name = name;

    /// <summary>A column by its name. That it exists is checked when the merge runs.</summary>
    public MergeExpression this[string column]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(column);
            return MergeExpression.Column(_name, column);
        }
    }
}
