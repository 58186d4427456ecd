namespace Lakehouse.Incremental.Explain;

/// <summary>A cell of a row, and the event that authored it.</summary>
/// <param name="Column">The column.</param>
/// <param name="Text">The value the target has, as text; for a row that is missing the value it should have.</param>
/// <param name="Origin">Where the value that the events say is from.</param>
/// <param name="Event">The number of the event that authored that value; null for none.</param>
/// <param name="Expected">The value that the events say, where the target has another; else null.</param>
public sealed record ExplainedCell(string Column, string Text, CellOrigin Origin, int? Event, string? Expected);
