using Apache.Arrow;

namespace Lakehouse.Incremental.State;

/// <summary>A kind of records a flow keeps beside the rows.</summary>
/// <param name="Name">The name under which the flow's state lists the files.</param>
/// <param name="Schema">Columns of a record, the key first.</param>
/// <param name="GroupColumns">So many columns, the first ones, make the group that records are looked up by.</param>
/// <param name="KeyColumns">So many columns, the first ones, identify a record.</param>
internal sealed record StateSetDefinition(string Name, Schema Schema, int GroupColumns, int KeyColumns)
{
    /// <summary>The columns that identify a record.</summary>
    public Schema KeySchema => new([.. Schema.FieldsList.Take(KeyColumns)], null);
}
