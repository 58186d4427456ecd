namespace Lakehouse.Incremental.Scd2;

/// <summary>Names of the columns that a history table has beside the data: half-open periods <c>[start, end)</c> in terms of the sequence; an open end is null.</summary>
public sealed record HistoryColumns
{
    /// <summary><c>__start_at</c>, <c>__end_at</c>, <c>__is_current</c>, and <c>__is_deleted</c> with soft deletes.</summary>
    public static HistoryColumns Default { get; } = new() { Start = "__start_at", End = "__end_at", IsCurrent = "__is_current" };

    /// <summary><c>__START_AT</c> and <c>__END_AT</c>, as AUTO CDC writes them.</summary>
    public static HistoryColumns Databricks { get; } = new() { Start = "__START_AT", End = "__END_AT" };

    /// <summary><c>dbt_valid_from</c>, <c>dbt_valid_to</c>, and <c>dbt_is_deleted</c> with soft deletes, as dbt snapshots have them.</summary>
    public static HistoryColumns Dbt { get; } = new() { Start = "dbt_valid_from", End = "dbt_valid_to", IsDeleted = "dbt_is_deleted" };

    /// <summary>Where the period begins.</summary>
    public required string Start { get; init; }

    /// <summary>Where it ends; null while it is open.</summary>
    public required string End { get; init; }

    /// <summary>Whether the period is open; null for no such column.</summary>
    public string? IsCurrent { get; init; }

    /// <summary>Whether the row stands for the time after a delete. The table has it only with soft deletes.</summary>
    public string IsDeleted { get; init; } = "__is_deleted";
}
