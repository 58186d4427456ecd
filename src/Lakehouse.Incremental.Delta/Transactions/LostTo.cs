namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>The commit that decided a lost race, and what it meant for the transaction that lost.</summary>
internal sealed record LostTo(Verdict Verdict, long Version, string? Operation)
{
    public CommitConflictException ToException(string table, int attempts)
    {
        string subject = Verdict.Subject is { } name ? $" on '{name}'" : "";
        string message = FormattableString.Invariant($"Other writers committed to '{table}' first, {attempts} times in a row; ")
            + FormattableString.Invariant($"the last was version {Version} ({Operation ?? "unknown operation"}): {Verdict.Kind}{subject}.")
            + " Nothing was written.";
        return new CommitConflictException(ErrorCodes.CommitConflict, message)
        {
            Table = table,
            Conflict = Verdict.Kind.ToString(),
            WinnerVersion = Version,
            WinnerOperation = Operation,
        };
    }
}
