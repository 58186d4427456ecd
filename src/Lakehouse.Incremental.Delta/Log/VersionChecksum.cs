using System.Text;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>
/// Writes <c>v.crc</c>: what a version adds up to, so that other engines can check what they read (protocol notes, section 11). Costs no look at the
/// files, whose sums a snapshot carries along.
/// </summary>
internal static class VersionChecksum
{
    // These lists are optional; what is not short is not worth writing again with each commit.
    private const int MaxEntries = 100;

    /// <summary>Does nothing when the version has one already.</summary>
    public static async Task WriteAsync(ITableStorage storage, Snapshot snapshot, CancellationToken cancellationToken) =>
        await storage.PutIfAbsentAsync(LogPaths.Checksum(snapshot.Version), Encoding.UTF8.GetBytes(Describe(snapshot).ToJsonString()), cancellationToken)
            .ConfigureAwait(false);

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
