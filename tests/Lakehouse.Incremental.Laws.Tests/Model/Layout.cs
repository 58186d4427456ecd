namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>The configuration of a flow as the model sees it.</summary>
/// <param name="Keys">What identifies a row.</param>
/// <param name="Sequence">What orders the events of a key, most significant first.</param>
/// <param name="Values">All other columns.</param>
/// <param name="Tracked">Which of the values open a new period when they change.</param>
internal sealed record Layout(Column[] Keys, Column[] Sequence, Column[] Values, bool[] Tracked)
{
    /// <summary>All columns in the order in which rows of the model hold them.</summary>
    public IReadOnlyList<Column> Columns => [.. Keys, .. Sequence, .. Values];

    public override string ToString() =>
        $"keys ({string.Join<Column>(", ", Keys)}) sequence ({string.Join<Column>(", ", Sequence)}) "
        + $"values ({string.Join(", ", Values.Select((v, i) => v + (Tracked[i] ? "" : " untracked")))})";
}
