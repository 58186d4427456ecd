using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Reading;

/// <summary>The commits of a table as its users see them.</summary>
internal static class TableHistory
{
    public static async Task<IReadOnlyList<TableVersion>> ReadAsync(DeltaLog log, Snapshot latest, int? limit, CancellationToken cancellationToken)
    {
        if (limit is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(limit));
        }

        IReadOnlyList<(long Version, StoredFile File)> commits = await log.ListCommitsAsync(0, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(long Version, long Timestamp)> times = VersionTimeline.Monotone(commits);
        long ownFrom = latest.TableProperties.InCommitTimestamps
            ? latest.TableProperties.InCommitTimestampEnablementVersion ?? 0
            : long.MaxValue;
        List<TableVersion> history = [];
        for (int i = times.Count - 1; i >= 0 && history.Count < (limit ?? int.MaxValue); i--)
        {
            (long version, long time) = times[i];
            if (version > latest.Version)
            {
                continue;
            }

            IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            CommitInfo? info = actions.OfType<CommitInfo>().FirstOrDefault();
            history.Add(Describe(version, version >= ownFrom ? info?.InCommitTimestamp ?? time : time, info));
        }

        return history;
    }

    private static TableVersion Describe(long version, long time, CommitInfo? info) => new()
    {
        Version = version,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(time),
        Operation = info?.Operation,
        OperationParameters = Texts(info?.OperationParameters),
        OperationMetrics = Texts(info?.OperationMetrics),
        ReadVersion = info?.ReadVersion,
        IsBlindAppend = info?.IsBlindAppend,
        EngineInfo = info?.EngineInfo,
        UserMetadata = info?.UserMetadata,
    };

    private static SortedDictionary<string, string> Texts(JsonObject? values)
    {
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in values ?? [])
        {
            texts[name] = value is JsonValue single && single.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "null";
        }

        return texts;
    }
}
