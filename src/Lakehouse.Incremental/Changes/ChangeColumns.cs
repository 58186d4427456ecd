using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Changes;

/// <summary>The columns of a change event, to write a condition over them: <c>change => change["op"].EqualTo("d")</c>.</summary>
public sealed class ChangeColumns
{
    internal ChangeColumns()
    {
    }

    /// <summary>A column of the event by its exact name. That it exists is checked when the first batch is applied.</summary>
    public FilterColumn this[string column] => Filter.Column(column);
}
