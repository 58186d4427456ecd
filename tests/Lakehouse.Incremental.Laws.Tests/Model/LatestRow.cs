namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>A row of type 1.</summary>
/// <param name="Row">In the order of <see cref="Layout.Columns"/>.</param>
/// <param name="DeletedAt">The sequence of the delete that marked it; null for a living row.</param>
internal sealed record LatestRow(object?[] Row, object?[]? DeletedAt = null)
{
    public bool IsDeleted => DeletedAt is not null;

    /// <summary>Text that is equal exactly when the rows are.</summary>
    public override string ToString() => Canonical.Text(Row) + (DeletedAt is null ? "" : $" deleted at {Canonical.Text(DeletedAt)}");
}
