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
}
