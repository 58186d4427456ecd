namespace GitHistory.Git;

/// <summary>A commit of the first-parent history.</summary>
/// <param name="Sequence">Its position, 1 for the oldest.</param>
/// <param name="Id">The commit id in hexadecimal.</param>
/// <param name="Author">The author's name; bytes that are not valid UTF-8 become U+FFFD.</param>
/// <param name="Time">The committer's time in seconds since 1970-01-01 UTC, before the year 10000.</param>
internal sealed record GitCommit(long Sequence, string Id, string Author, long Time);
