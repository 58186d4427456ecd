namespace Lakehouse.Incremental.Explain;

/// <summary>A cell that an event sets.</summary>
/// <param name="Column">The column of the target.</param>
/// <param name="Text">The value as text, "null" for a null.</param>
public sealed record SetCell(string Column, string Text)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Column}={Text}";
}
