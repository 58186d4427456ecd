namespace GitHistory.Git;

/// <summary>What a short git command answered.</summary>
/// <param name="ExitCode">0 when git is content.</param>
/// <param name="Text">Standard output without the last line end.</param>
/// <param name="Errors">Standard error.</param>
internal readonly record struct GitAnswer(int ExitCode, string Text, string Errors);
