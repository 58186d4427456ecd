using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Adds to errors what those who raise them do not know: the table, and the part of the statement.</summary>
internal static class MergeErrors
{
    /// <summary>The part that says which rows match.</summary>
    public const string On = "what it matches on";

    /// <param name="table">The table.</param>
    /// <param name="part">The part of the statement; null when the error tells it.</param>
    /// <param name="work">What may fail.</param>
    public static T Within<T>(string table, string? part, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LakehouseException error) when (error.Table is null)
        {
            string message = $"The merge into '{table}' cannot run{(part is null ? "" : $", because of {part}")}: {error.Message}";
            throw error switch
            {
                UnsupportedFeatureException => new UnsupportedFeatureException(error.ErrorCode, message, error) { Table = table },
                InvalidRowsException => new InvalidRowsException(error.ErrorCode, message, error) { Table = table, Count = error.Count },
                _ => new LakehouseException(error.ErrorCode, message, error) { Table = table },
            };
        }
    }
}
