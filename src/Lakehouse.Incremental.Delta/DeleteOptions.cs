namespace Lakehouse.Incremental.Delta;

/// <summary>How rows are deleted.</summary>
public sealed record DeleteOptions
{
    /// <inheritdoc cref="AppendOptions.TxnAppId"/>
    public string? TxnAppId { get; init; }

    /// <inheritdoc cref="AppendOptions.TxnVersion"/>
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
