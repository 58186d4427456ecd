using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>
/// Writes <c>v.crc</c>: what a version adds up to, so that it can be checked what is read (protocol notes, section 11). Costs no look at the files,
/// whose sums a snapshot carries along.
/// </summary>
internal static class VersionChecksum
{
    // These lists are optional; what is not short is not worth writing again with each commit.
    private const int MaxEntries = 100;

    /// <summary>Does nothing when the version has one already.</summary>
    public static async Task WriteAsync(ITableStorage storage, Snapshot snapshot, CancellationToken cancellationToken) =>
        await storage.PutHintAsync(LogPaths.Checksum(snapshot.Version), Encoding.UTF8.GetBytes(Describe(snapshot).ToJsonString()), cancellationToken)
            .ConfigureAwait(false);

    /// <summary>
    /// What a snapshot and the checksum of its version disagree about, in words; null when they agree, or when there is no checksum that can be read.
    /// </summary>
    public static async Task<string?> DifferenceAsync(ITableStorage storage, Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            byte[] content = await storage.ReadAsync(LogPaths.Checksum(snapshot.Version), cancellationToken).ConfigureAwait(false);
            return JsonNode.Parse(content) is JsonObject written ? Difference(written, snapshot) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException or ArgumentException or InvalidOperationException)
        {
            // Checksums are optional, and other writers leave some torn: such a one says nothing. (A name that is there twice is an ArgumentException,
            // text that is not valid UTF-8 an InvalidOperationException.)
            return null;
        }
    }

    private static string? Difference(JsonObject written, Snapshot snapshot)
    {
        (string Name, long Value)[] sums =
        [
            ("numFiles", snapshot.FileCount),
            ("tableSizeBytes", snapshot.SizeInBytes),
            ("numDeletionVectorsOpt", snapshot.DeletionVectorCount),
            ("numDeletedRecordsOpt", snapshot.DeletedRowCount),
        ];
        foreach ((string name, long value) in sums)
        {
            if (StatisticsJson.Number(written[name]) is { } other && other != value)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, not {other}");
            }
        }

        return (written["metadata"] as JsonObject)?["id"] is JsonValue id && id.TryGetValue(out string? table) && table != snapshot.TableId
            ? $"the table is {snapshot.TableId}, not {table}"
            : null;
    }

    public static JsonObject Describe(Snapshot snapshot)
    {
        JsonObject checksum = new()
        {
            ["tableSizeBytes"] = snapshot.SizeInBytes,
            ["numFiles"] = snapshot.FileCount,
            ["numMetadata"] = 1,
            ["numProtocol"] = 1,
            ["metadata"] = Body(snapshot.Metadata),
            ["protocol"] = Body(snapshot.Protocol),
            ["numDeletedRecordsOpt"] = snapshot.DeletedRowCount,
            ["numDeletionVectorsOpt"] = snapshot.DeletionVectorCount,
        };
        if (snapshot.CommitInfo?.TxnId is { } txnId)
        {
            checksum["txnId"] = txnId;
        }

        if (snapshot.TableProperties.InCommitTimestamps)
        {
            checksum["inCommitTimestampOpt"] = snapshot.Timestamp;
        }

        AddList("setTransactions", snapshot.Transactions.Count, snapshot.Transactions.Values);
        AddList("domainMetadata", snapshot.Domains.Count, snapshot.Domains.Values);
        return checksum;

        void AddList(string name, int count, IEnumerable<DeltaAction> actions)
        {
            if (count <= MaxEntries)
            {
                checksum[name] = new JsonArray([.. actions.Select(Body)]);
            }
        }
    }

    // The action without the name it has in a commit.
    private static JsonNode? Body(DeltaAction action)
    {
        JsonObject line = JsonNode.Parse(ActionJson.WriteCommit([action]))!.AsObject();
        (string name, JsonNode? body) = line.First();
        line.Remove(name);
        return body;
    }
}
