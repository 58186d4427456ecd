namespace Lakehouse.Incremental.Delta;

/// <summary>Rows of the input break a rule of the flow or the table. Nothing was written.</summary>
public sealed class InvalidRowsException : LakehouseException
{
    /// <inheritdoc cref="LakehouseException(string, string, Exception?)"/>
    public InvalidRowsException(string errorCode, string message, Exception? innerException = null)
        : base(errorCode, message, innerException)
    {
    }
}
