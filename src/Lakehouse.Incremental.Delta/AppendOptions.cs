namespace Lakehouse.Incremental.Delta;

/// <summary>How rows are appended, or replace the rows of a table.</summary>
public sealed record AppendOptions
{
    /// <summary>
    /// The application whose transaction this is; with <see cref="TxnVersion"/> it makes the operation happen at most once. Default: none.
    /// </summary>
    public string? TxnAppId { get; init; }

    /// <summary>
    /// The number of this transaction, greater than those of the application before it. The table keeps the greatest; an operation with the same or
    /// a lower number does nothing. Given exactly when <see cref="TxnAppId"/> is. Default: none.
    /// </summary>
    public long? TxnVersion { get; init; }

    /// <summary>Text kept with the commit and shown in the history. Default: none.</summary>
    public string? UserMetadata { get; init; }

    internal void Validate()
    {
        if (TxnAppId is null != TxnVersion is null)
        {
            throw new ArgumentException($"{nameof(TxnAppId)} and {nameof(TxnVersion)} are given together or not at all.");
        }
    }
}
