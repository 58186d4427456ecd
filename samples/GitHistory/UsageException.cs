namespace GitHistory;

/// <summary>
/// The run cannot start or go on for a reason the user can mend: an argument, the repository, git, or the output folder. The message is one
/// sentence.
/// </summary>
internal sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
