namespace Lakehouse.Incremental.RawMerge;

/// <summary>All that a MERGE statement says but its source.</summary>
internal sealed record MergeDefinition
{
    /// <summary>Columns that are equal in matching rows; empty when <see cref="Condition"/> says what matches.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>SQL text; null when <see cref="Columns"/> say what matches.</summary>
    public string? Condition { get; init; }

    /// <summary>In the order of writing, which decides within each family.</summary>
    public IReadOnlyList<MergeClause> Clauses { get; init; } = [];

    public bool EvolvesSchema { get; init; }

    public bool UniqueKeys { get; init; }

    public string? TxnAppId { get; init; }

    public long TxnVersion { get; init; }

    public string? UserMetadata { get; init; }

    /// <summary>False to take all files at once, as after an error: the result is the same, only memory is not.</summary>
    public bool FileByFile { get; init; } = true;

    /// <summary>Is told the columns and the number of rows of each reading of target rows; called from several threads.</summary>
    public Action<IReadOnlyList<string>, int>? OnTargetRead { get; init; }

    public IEnumerable<MergeClause> Of(MergeFamily family) => Clauses.Where(clause => clause.Family == family);
}
