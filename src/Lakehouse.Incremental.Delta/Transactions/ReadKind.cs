namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>How much of a table a transaction read.</summary>
internal enum ReadKind
{
    /// <summary>No rows: what it does is the same whatever the table holds.</summary>
    Nothing,

    /// <summary>Rows that a condition can tell, and files by their paths.</summary>
    Matching,

    /// <summary>All rows.</summary>
    Table,

    /// <summary>All rows and all else that a snapshot holds, or it does not say.</summary>
    Everything,
}
