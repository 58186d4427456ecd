using System.Globalization;
using System.Text;
using System.Text.Json;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>How many rows a file shows: <c>numRecords</c> of its statistics without the rows its deletion vector hides.</summary>
internal static class RowCounts
{
    private const string UsualStart = "{\"numRecords\":";

    /// <summary>Null when the statistics do not tell.</summary>
    public static long? Of(AddFile file) => NumRecords(file.Stats) - (file.DeletionVector?.Cardinality ?? 0);

    /// <summary>The rows a file holds, hidden ones included, by its statistics; null when these do not tell.</summary>
    public static long? NumRecords(string? stats)
    {
        if (stats is null)
        {
            return null;
        }

        // Nearly every writer puts the number first: no need to look at the rest.
        if (stats.StartsWith(UsualStart, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> rest = stats.AsSpan(UsualStart.Length);
            int end = rest.IndexOfAnyExceptInRange('0', '9');
            if (end > 0 && rest[end] is ',' or '}' && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return number;
            }
        }

        return Search(stats);
    }

    private static long? Search(string stats)
    {
        try
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(stats));
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("numRecords"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : null;
                }
            }
        }
        catch (JsonException)
        {
            // Statistics are optional: ones that cannot be read tell nothing.
            return null;
        }

        return null;
    }
}
