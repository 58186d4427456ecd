namespace Lakehouse.Incremental.Delta;

/// <summary>A flow was opened with a configuration that differs from the one its table was built with. Nothing was written.</summary>
public sealed class ConfigurationDriftException : LakehouseException
{
    /// <inheritdoc cref="LakehouseException(string, string, Exception?)"/>
    public ConfigurationDriftException(string errorCode, string message, Exception? innerException = null)
        : base(errorCode, message, innerException)
    {
    }
}
