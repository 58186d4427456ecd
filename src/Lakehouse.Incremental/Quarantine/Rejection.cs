namespace Lakehouse.Incremental.Quarantine;

/// <summary>Why an event cannot be merged.</summary>
/// <param name="Row">Its row in the batch.</param>
/// <param name="Code">The error code that the batch would fail with (<see cref="Delta.ErrorCodes"/>).</param>
/// <param name="Column">The column that breaks the rule.</param>
internal readonly record struct Rejection(int Row, string Code, string Column);
