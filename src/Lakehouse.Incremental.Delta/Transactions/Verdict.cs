namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>The outcome of a check.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">The path, domain, application or feature that decided; null for no conflict.</param>
internal readonly record struct Verdict(VerdictKind Kind, string? Subject = null)
{
    /// <summary>Whether the plan must be derived anew.</summary>
    public bool IsConflict => Kind is not (VerdictKind.NoConflict or VerdictKind.RebaseRows);
}
