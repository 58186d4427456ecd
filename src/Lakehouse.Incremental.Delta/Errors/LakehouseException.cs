namespace Lakehouse.Incremental.Delta;

/// <summary>
/// The base of every error this library raises on purpose. It carries what it speaks of as data; the message says the same in a sentence.
/// </summary>
public class LakehouseException : Exception
{
    /// <summary>Creates an error with a stable code.</summary>
    /// <param name="errorCode">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">The sentence a person reads.</param>
    /// <param name="innerException">The cause, if another error lies below.</param>
    public LakehouseException(string errorCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = errorCode;
    }

    /// <summary>A stable code, one of <see cref="ErrorCodes"/>.</summary>
    public string ErrorCode { get; }

    /// <summary>True when the same call may succeed if it is made again unchanged. Default false.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The table, as its storage names it; null when no table is concerned.</summary>
    public string? Table { get; init; }

    /// <summary>The name of the flow; null when no flow is concerned.</summary>
    public string? Flow { get; init; }

    /// <summary>The batch or version range; null when no batch is concerned.</summary>
    public string? Batch { get; init; }

    /// <summary>How many rows, keys or files are concerned; null when a number makes no sense.</summary>
    public long? Count { get; init; }

    /// <summary>Up to ten keys concerned, as text. Never null.</summary>
    public IReadOnlyList<string> SampleKeys { get; init; } = [];
}
