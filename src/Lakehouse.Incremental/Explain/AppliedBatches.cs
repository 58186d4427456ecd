using System.Text.Json;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Lineage;

namespace Lakehouse.Incremental.Explain;

/// <summary>The batches that a flow merged into a table, by the audits of the commits that the log still has.</summary>
/// <param name="Batches">Newest first.</param>
/// <param name="Oldest">The oldest version that the log has.</param>
internal sealed record AppliedBatches(IReadOnlyList<AppliedBatch> Batches, long Oldest)
{
    public static async Task<AppliedBatches> ReadAsync(DeltaTable table, long latest, string flow, CancellationToken cancellationToken)
    {
        List<AppliedBatch> batches = [];
        long version = latest;
        while (version >= 0 && await CommitsOfLog.ReadAsync(table, version, cancellationToken).ConfigureAwait(false) is { } actions)
        {
            if (Parse(version, actions.OfType<CommitInfo>().FirstOrDefault()?.UserMetadata, flow) is { } batch)
            {
                batches.Add(batch);
            }

            version--;
        }

        return new AppliedBatches(batches, version + 1);
    }

    /// <summary>The batch that merged a staged version; null when the log does not tell. After a restore the latest counts.</summary>
    public AppliedBatch? Of(string stagingTable, long version) => Batches.FirstOrDefault(b =>
        IsStream(b) && string.Equals(b.InputTable, stagingTable, StringComparison.Ordinal) && b.From < version && version <= b.To);

    /// <summary>True when batches came from elsewhere: handed over directly, or from another staging table.</summary>
    public bool HasOthers(string stagingTable) => Batches.Any(b => IsStream(b) && !string.Equals(b.InputTable, stagingTable, StringComparison.Ordinal));

    private static bool IsStream(AppliedBatch batch) => string.Equals(batch.Origin, BatchAudit.Stream, StringComparison.Ordinal);

    // Others may write what they like there.
    private static AppliedBatch? Parse(long version, string? text, string flow)
    {
        try
        {
            if (text is null || JsonNode.Parse(text) is not JsonObject audit || !string.Equals((string?)audit["flow"], flow, StringComparison.Ordinal))
            {
                return null;
            }

            JsonObject? input = audit["input"] as JsonObject;
            return new AppliedBatch(
                version, (string?)audit["batch"] ?? "", (string?)audit["origin"] ?? "", (string?)input?["table"], (long?)input?["fromVersion"] ?? -1, (long?)input?["toVersion"] ?? -1);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
