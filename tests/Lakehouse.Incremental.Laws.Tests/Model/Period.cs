namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A row of a history: the row shown from one position on, up to and without another.</summary>
/// <param name="Row">In the order of <see cref="Layout.Columns"/>.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends; null while it is current.</param>
/// <param name="IsDeleted">It stands for the time after a delete.</param>
internal sealed record Period(object?[] Row, object?[] Start, object?[]? End, bool IsDeleted = false)
{
    public bool IsCurrent => End is null;

    /// <summary>Text that is equal exactly when the periods are.</summary>
    public override string ToString() =>
        $"[{Canonical.Text(Start)} .. {(End is null ? "" : Canonical.Text(End))}) {Canonical.Text(Row)}{(IsDeleted ? " deleted" : "")}";
}
