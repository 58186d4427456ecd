using ParquetSharp;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Says what a failure of the Parquet library means: the store failed, or the file is not what it claims to be.</summary>
internal sealed class ParquetGuard(string table, string path, WatchedStream stream)
{
    public T Run<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (stream.Failed || IsMalformed(error))
        {
            throw Meaning(error);
        }
    }

    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception error) when (stream.Failed || IsMalformed(error))
        {
            throw Meaning(error);
        }
    }

    /// <summary>The error for a file that contradicts itself.</summary>
    public CorruptTableException Corrupt(string what) =>
        new(ErrorCodes.CorruptFile, $"The file {path} of table {table} is damaged: {what}.") { Table = table };

    // Arrow's stream reader throws plain exceptions for what it finds.
    private static bool IsMalformed(Exception error) => error is ParquetException or ArgumentException or OverflowException or InvalidCastException or InvalidDataException
        or IndexOutOfRangeException or NotSupportedException or NotImplementedException or OutOfMemoryException
            || error.GetType() == typeof(Exception);

    private CorruptTableException Meaning(Exception error)
    {
        stream.ThrowFailure();
        string message = $"The file {path} of table {table} cannot be read as Parquet: {error.Message}";
        return new CorruptTableException(ErrorCodes.CorruptFile, message, error)
        {
            Table = table,
        };
    }
}
