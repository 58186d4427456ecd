namespace Lakehouse.Incremental.Explain;

/// <summary>How a row of the target and what the events say of it fit.</summary>
public enum RowStatus
{
    /// <summary>The row is as the events say.</summary>
    AsExplained,

    /// <summary>The events say something else in some cells. A reconciliation repairs it.</summary>
    Different,

    /// <summary>No event makes this row, or it is there once more. A reconciliation removes it.</summary>
    Unexplained,

    /// <summary>The events make this row, but the target does not have it. A reconciliation adds it.</summary>
    Missing,
}
