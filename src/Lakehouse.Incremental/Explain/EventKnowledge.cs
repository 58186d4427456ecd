namespace Lakehouse.Incremental.Explain;

/// <summary>Where an event is known from.</summary>
public enum EventKnowledge
{
    /// <summary>It lies in the staging table.</summary>
    Staged,

    /// <summary>The flow's state in the target keeps it: a batch without staging brought it, another staging table, or the adoption of the table.</summary>
    State,

    /// <summary>A row of the target tells it; else as <see cref="State"/>.</summary>
    Row,
}
