namespace Lakehouse.Incremental.Explain;

/// <summary>A staged event of the key that breaks a rule.</summary>
/// <param name="Origin">Where it lies.</param>
/// <param name="Order">Its place in the order as the event has it.</param>
/// <param name="Code">The error code of the rule.</param>
/// <param name="Column">The column that breaks it.</param>
internal sealed record RefusedEvent(StagedOrigin Origin, string Order, string Code, string Column);
