namespace Lakehouse.Incremental.Delta;

/// <summary>Another writer won the version again and again, or changed what this transaction relies on. Nothing was written.</summary>
public sealed class CommitConflictException : LakehouseException
{
    /// <inheritdoc cref="LakehouseException(string, string, Exception?)"/>
    public CommitConflictException(string errorCode, string message, Exception? innerException = null)
        : base(errorCode, message, innerException)
    {
        IsTransient = true;
    }

    /// <summary>
    /// What the last commit that came first did to this transaction, such as <c>ConcurrentDeleteDelete</c>; null when it is not known. Names are added, not
    /// changed.
    /// </summary>
    public string? Conflict { get; init; }

    /// <summary>The version of that commit; null when it is not known.</summary>
    public long? WinnerVersion { get; init; }

    /// <summary>The operation of that commit in its writer's word; null when it does not tell.</summary>
    public string? WinnerOperation { get; init; }
}
