namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>The configuration of a flow as the model sees it.</summary>
/// <param name="Keys">What identifies a row.</param>
/// <param name="Sequence">What orders the events of a key, most significant first.</param>
/// <param name="Values">All other columns, but for <see cref="Effective"/>.</param>
/// <param name="Tracked">Which of the values open a new period when they change.</param>
internal sealed record Layout(Column[] Keys, Column[] Sequence, Column[] Values, bool[] Tracked)
{
    /// <summary>The name of a struct of the sequence.</summary>
    public const string SequenceStruct = "s";

    /// <summary>From when on a row holds, apart from the sequence; none: the sequence says so.</summary>
    public Column[] Effective { get; init; } = [];

    public DeleteRule Deletes { get; init; }

    /// <summary>At one place in the order a delete comes after an upsert, not before.</summary>
    public bool DeleteWinsTies { get; init; }

    /// <summary>All rows of a key show its latest untracked values, not only the current one.</summary>
    public bool AllVersions { get; init; }

    /// <summary>In which of the values a null says nothing.</summary>
    public int[] IgnoreNulls { get; init; } = [];

    /// <summary>Events tell which key became theirs.</summary>
    public bool ChangesKeys { get; init; }

    public ColumnGroup[] Groups { get; init; } = [];

    public Column[] Order => [.. Effective, .. Sequence];

    /// <summary>How many of the columns of the order say from when on a row holds.</summary>
    public int PositionWidth => Effective.Length > 0 ? Effective.Length : Sequence.Length;

    /// <summary>The columns of the order that say so.</summary>
    public Column[] Position => Order[..PositionWidth];

    /// <summary>In tables and events the sequence is one column: a struct of what would be columns.</summary>
    public bool StructSequence { get; init; }

    /// <summary>For each part of the sequence whether a null there is a place in the order; empty: nowhere.</summary>
    public bool[] NullsFirst { get; init; } = [];

    /// <summary>All columns in the order in which rows of the model hold them.</summary>
    public Column[] Columns => [.. Keys, .. Order, .. Values];

    /// <summary>Where the values begin in a row.</summary>
    public int FirstValue => Keys.Length + Order.Length;

    /// <summary>True when a null in this part of the order is a place.</summary>
    public bool MayBeNull(int order) => NullsFirst.Length > 0 && order >= Effective.Length && NullsFirst[order - Effective.Length];

    /// <summary>True when the event has a place in the main order; one that has none speaks only of groups.</summary>
    public bool HasPlace(Event e) => Groups.Length == 0 || !e.Order.Contains(null);

    /// <summary>Where a column stands in tables and events.</summary>
    public string PathOf(Column column) => StructSequence && Sequence.Contains(column) ? $"{SequenceStruct}.{column.Name}" : column.Name;

    public override string ToString() =>
        $"keys ({string.Join<Column>(", ", Keys)}) effective ({string.Join<Column>(", ", Effective)}) sequence {(StructSequence ? "struct " : "")}({string.Join(", ", Sequence.Select((s, i) => s + (MayBeNull(Effective.Length + i) ? " nulls first" : "")))}) "
        + $"values ({string.Join(", ", Values.Select((v, i) => v + (Tracked[i] ? "" : " untracked")))}) {Deletes} deletes"
        + (DeleteWinsTies ? ", which win ties" : "") + (AllVersions ? ", untracked values in all versions" : "")
        + (IgnoreNulls.Length > 0 ? $", nulls ignored in values {string.Join(", ", IgnoreNulls)}" : "")
        + (ChangesKeys ? ", keys may change" : "") + string.Concat(Groups.Select(g => $", group {g}"));
}
