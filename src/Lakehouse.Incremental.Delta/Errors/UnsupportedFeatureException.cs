namespace Lakehouse.Incremental.Delta;

/// <summary>The table needs a protocol version or a table feature that this library does not support; the message names it. Nothing was read or written.</summary>
public sealed class UnsupportedFeatureException : LakehouseException
{
    /// <inheritdoc cref="LakehouseException(string, string, Exception?)"/>
    public UnsupportedFeatureException(string errorCode, string message, Exception? innerException = null)
        : base(errorCode, message, innerException)
    {
    }
}
