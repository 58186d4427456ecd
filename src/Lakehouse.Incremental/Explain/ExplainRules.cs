namespace Lakehouse.Incremental.Explain;

/// <summary>The rules in words, with the numbers of their sections in the semantics.</summary>
internal static class ExplainRules
{
    public const string Greatest = "the greatest by ORDER decides (2.3)";
    public const string Tie = "of different events at one place in the order the greater by rank, then by digest decides (2.0)";
    public const string SameTime = "at one effective time the greater sequence supersedes (2.15)";
    public const string Cells = "each cell has the value of the greatest event of the life that sets it (2.12)";
    public const string Group = "the cells of a group have the values of the greatest event by the group's own sequence (2.36)";
    public const string FormerKey = "what the event of a changed key does not tell comes from the former key's row (2.32)";
    public const string Run = "inside of a period: equal on the tracked columns, and the period shows its last event (2.14, 2.16)";
    public const string Period = "a period of events equal on the tracked columns, half-open, showing the last of them (2.14)";
    public const string Gone = "a delete after it ends what it showed (2.4)";
    public const string Truncated = "a truncate after it ends what it showed (2.33)";
    public const string Cut = "a delete ends the row that is open there (2.14, 2.18)";
    public const string Truncation = "a truncate ends the row that is open there (2.33)";
    public const string Mark = "a delete is marked, with the last known values (2.18)";
    public const string Remembered = "there was no row to end; it is remembered against older events (2.4)";
    public const string Ignored = "the flow ignores deletes; it is only remembered (2.18)";
    public const string Duplicate = "the same event came before (2.2)";
    public const string TooLate = "it came below the horizon or the baseline, where it is no longer known what it would change (2.4, 2.43b)";
    public const string Baseline = "the table was adopted with rows that stand for all up to the baseline (2.43b)";
    public const string Pending = "it is staged and not merged yet (2.5)";
    public const string Unexplained = "no merged event makes this row: reconcile the table (2.40)";
    public const string Twice = "the key is there twice: reconcile the table (2.35, 2.40)";

    public static string Refused(string code, string column) => $"{code}{(column.Length == 0 ? "" : $" in column {column}")}: it cannot be merged (2.8 to 2.11)";
}
