using Lakehouse.Incremental.Delta.Deleting;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>A clause as it was written.</summary>
/// <param name="Family">Which rows it is for.</param>
/// <param name="Action">What it does.</param>
/// <param name="Condition">SQL text; null when it is for all rows of its family.</param>
/// <param name="Assignments">Columns of the target with SQL texts, in the order of writing; null for all columns of the source by name.</param>
/// <param name="Scope">Where it looks for rows without a match; null in the other families.</param>
internal sealed record MergeClause(
    MergeFamily Family, MergeAction Action, string? Condition, IReadOnlyList<(string Column, string Expression)>? Assignments, MergeScope? Scope)
{
    /// <summary>Scope and condition as SQL; null when it is for all rows of its family.</summary>
    public string? Predicate => (Scope?.Filter, Condition) switch
    {
        (null, _) => Condition,
        ({ } scope, null) => PredicateText.Of(scope),
        ({ } scope, { } condition) => $"{PredicateText.Of(scope)} AND ({condition})",
    };

    /// <summary>Its beginning as SQL.</summary>
    public string When => Family switch
    {
        MergeFamily.Matched => "WHEN MATCHED",
        MergeFamily.NotMatched => "WHEN NOT MATCHED",
        _ => "WHEN NOT MATCHED BY SOURCE",
    } + (Predicate is null ? "" : $" AND {Predicate}");

    /// <summary>Whether it leaves no row of its family to the clauses behind it.</summary>
    public bool TakesAll => Condition is null && Scope?.Filter is null;

    /// <summary>Whether its rows have a target side.</summary>
    public bool SeesTarget => Family != MergeFamily.NotMatched;

    /// <summary>Whether its rows have a source side.</summary>
    public bool SeesSource => Family != MergeFamily.NotMatchedBySource;

    /// <summary>Whether it takes columns from the source by name.</summary>
    public bool IsAll => Action != MergeAction.Delete && Assignments is null;
}
