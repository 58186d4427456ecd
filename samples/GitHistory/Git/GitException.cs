namespace GitHistory.Git;

/// <summary>A git command failed; the message holds the command and what git said.</summary>
internal sealed class GitException(string message) : Exception(message);
