using System.Globalization;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>
/// When versions were committed: by the in-commit timestamp from the version on that turned it on, before it by the modification time of the
/// commit file, raised where needed so that each version is later than the one before.
/// </summary>
internal sealed class VersionTimeline(DeltaLog log, Snapshot latest)
{
    /// <summary>Times of versions that have no time of their own, in milliseconds since the Unix epoch, strictly ascending.</summary>
    public static IReadOnlyList<(long Version, long Timestamp)> Monotone(IReadOnlyList<(long Version, StoredFile File)> commits)
    {
        List<(long Version, long Timestamp)> times = new(commits.Count);
        foreach ((long version, StoredFile file) in commits)
        {
            long time = file.Modified.ToUnixTimeMilliseconds();
            times.Add((version, times.Count == 0 ? time : Math.Max(time, times[^1].Timestamp + 1)));
        }

        return times;
    }

    /// <summary>The last version committed at or before a moment; the latest version for a moment after all.</summary>
    /// <exception cref="LakehouseException">The moment is before the first commit kept (<see cref="ErrorCodes.VersionNotFound"/>).</exception>
    public async Task<long> VersionAtAsync(long timestampMs, CancellationToken cancellationToken)
    {
        IReadOnlyList<(long Version, StoredFile File)> commits =
            [.. (await log.ListCommitsAsync(0, cancellationToken).ConfigureAwait(false)).Where(commit => commit.Version <= latest.Version)];
        long firstWithOwn = FirstVersionWithOwnTime();
        int split = 0;
        while (split < commits.Count && commits[split].Version < firstWithOwn)
        {
            split++;
        }

        // Own times ascend strictly, so a binary search reads few commits.
        int low = split;
        int high = commits.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            long time = await OwnTimeAsync(commits[middle].Version, commits[middle].File, cancellationToken).ConfigureAwait(false);
            (low, high) = time <= timestampMs ? (middle + 1, high) : (low, middle);
        }

        if (low > split)
        {
            return commits[low - 1].Version;
        }

        IReadOnlyList<(long Version, long Timestamp)> early = Monotone([.. commits.Take(split)]);
        for (int i = early.Count - 1; i >= 0; i--)
        {
            if (early[i].Timestamp <= timestampMs)
            {
                return early[i].Version;
            }
        }

        throw new LakehouseException(
            ErrorCodes.VersionNotFound,
            string.Create(
                CultureInfo.InvariantCulture,
                $"No version of '{log.Storage.Name}' that is kept is as old as {DateTimeOffset.FromUnixTimeMilliseconds(timestampMs):u}."))
        {
            Table = log.Storage.Name,
        };
    }

    private long FirstVersionWithOwnTime()
    {
        TableProperties properties = latest.TableProperties;
        return properties.InCommitTimestamps ? properties.InCommitTimestampEnablementVersion ?? 0 : long.MaxValue;
    }

    private async Task<long> OwnTimeAsync(long version, StoredFile file, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeltaAction> actions = await log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
        return actions.OfType<CommitInfo>().FirstOrDefault()?.InCommitTimestamp ?? file.Modified.ToUnixTimeMilliseconds();
    }
}
