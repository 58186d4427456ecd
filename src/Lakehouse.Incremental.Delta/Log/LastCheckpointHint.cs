using System.Text.Json;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>Reads the version from <c>_last_checkpoint</c>. Only a hint where to begin a listing; a damaged file is no hint.</summary>
internal static class LastCheckpointHint
{
    public static async Task<long?> ReadAsync(ITableStorage storage, CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            content = await storage.ReadAsync(LogPaths.LastCheckpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        return Parse(content);
    }

    private static long? Parse(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("version", out JsonElement version)
                && version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out long number) && number >= 0
                    ? number
                    : null;
        }
        catch (JsonException)
        {
            // A torn or foreign file says nothing about the table: the listing finds the checkpoints by itself.
            return null;
        }
    }
}
