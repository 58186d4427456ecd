namespace Lakehouse.Incremental.Delta;

/// <summary>The table on storage breaks the protocol: a gap in the log, malformed JSON, a checksum that does not match. The message names file and place.</summary>
public sealed class CorruptTableException : LakehouseException
{
    /// <inheritdoc cref="LakehouseException(string, string, Exception?)"/>
    public CorruptTableException(string errorCode, string message, Exception? innerException = null)
        : base(errorCode, message, innerException)
    {
    }
}
