namespace Lakehouse.Incremental.Explain;

/// <summary>A row of the target, or one that should be there, and what made it.</summary>
public sealed record ExplainedRow
{
    /// <summary>Whether the row is as the events say.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>True for the row that holds now; of type 1 any row. Of an unexplained row what the row says.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>The cells in the order of the target's columns.</summary>
    public required IReadOnlyList<ExplainedCell> Cells { get; init; }

    /// <summary>Numbers of the events that made the row, ascending: those that authored cells, and those that it begins and ends with.</summary>
    public IReadOnlyList<int> Events { get; init; } = [];

    /// <summary>The number of the event that the row begins with; null for an unexplained row.</summary>
    public int? Start { get; init; }

    /// <summary>The number of the event that ends the row; null while it is open.</summary>
    public int? End { get; init; }

    /// <summary>The rule, in words, with the number of its section in the semantics.</summary>
    public required string Rule { get; init; }

    /// <summary>The version of the target that merged the last of these events, which made the row what it is; null when it is not known.</summary>
    public long? Version { get; init; }

    /// <summary>The name of the batch that did; null when it is not known.</summary>
    public string? Batch { get; init; }

    /// <summary>The cell of a column.</summary>
    /// <param name="column">Its exact name.</param>
    /// <exception cref="KeyNotFoundException">The target has no such column.</exception>
    public ExplainedCell this[string column] => Cells.FirstOrDefault(cell => string.Equals(cell.Column, column, StringComparison.Ordinal))
        ?? throw new KeyNotFoundException($"There is no column {column}.");
}
