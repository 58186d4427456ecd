namespace Lakehouse.Incremental.Merging;

/// <summary>What happens to columns of the events that the target does not have (semantics 2.13). A column that the events lack is never nulled.</summary>
public enum SchemaPolicy
{
    /// <summary>The target gets the column, nullable, in the commit of the batch. Wider types widen the column where the table allows it (<c>delta.enableTypeWidening</c>).</summary>
    AddNullable,

    /// <summary>The batch is refused and the columns are named.</summary>
    Strict,

    /// <summary>Values that the target has no column for go, as JSON by column, into its text column <c>_rescued_data</c>; an event without such values leaves it as it is.</summary>
    Rescue,
}
