namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A row of a history: the row shown from one sequence on, up to and without another.</summary>
/// <param name="Row">In the order of <see cref="Layout.Columns"/>.</param>
/// <param name="Start">The sequence at which it begins.</param>
/// <param name="End">The sequence at which it ends; null while it is current.</param>
internal sealed record Period(object?[] Row, object[] Start, object[]? End)
{
    public bool IsCurrent => End is null;

    /// <summary>Text that is equal exactly when the periods are.</summary>
    public override string ToString() => $"[{Canonical.Text(Start)} .. {(End is null ? "" : Canonical.Text(End))}) {Canonical.Text(Row)}";
}
