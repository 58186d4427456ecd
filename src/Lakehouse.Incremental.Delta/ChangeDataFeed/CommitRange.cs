using System.Runtime.CompilerServices;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>
/// Walks the commits of a range with the definition that was in force at each. A range within which the definition does not change, which is
/// nearly every one, is read without loading the list of files of its first version.
/// </summary>
internal sealed class CommitRange(DeltaTable table, Snapshot last)
{
    public async IAsyncEnumerable<CommitView> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool oneDefinition = await HasOneDefinitionAsync(from, cancellationToken).ConfigureAwait(false);
        Snapshot? current = null;
        long time = long.MinValue;
        for (long version = from; version <= last.Version; version++)
        {
            IReadOnlyList<DeltaAction> actions = await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            long modified = version == last.Version ? last.Timestamp : await ModifiedAsync(version, cancellationToken).ConfigureAwait(false);
            if (oneDefinition)
            {
                long own = OwnTime(version, actions) ?? modified;
                time = time == long.MinValue ? own : Math.Max(own, time + 1);
                yield return new CommitView(version, time, actions, last);
            }
            else
            {
                current = current is null
                    ? await table.SnapshotAtAsync(version, cancellationToken).ConfigureAwait(false)
                    : current.Apply(version, actions, modified);
                yield return new CommitView(version, current.Timestamp, actions, current);
            }
        }
    }

    private async Task<bool> HasOneDefinitionAsync(long from, CancellationToken cancellationToken)
    {
        for (long version = from + 1; version <= last.Version; version++)
        {
            IReadOnlyList<DeltaAction> actions = await table.Log.ReadCommitAsync(version, cancellationToken).ConfigureAwait(false);
            if (actions.Any(static action => action is MetadataAction or ProtocolAction))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<long> ModifiedAsync(long version, CancellationToken cancellationToken)
    {
        StoredFile? commit = await table.Log.StatCommitAsync(version, cancellationToken).ConfigureAwait(false);
        return commit?.Modified.ToUnixTimeMilliseconds()
            ?? throw new CorruptTableException(ErrorCodes.CorruptLog, $"The commit '{LogPaths.Commit(version)}' went away while it was read.");
    }

    private long? OwnTime(long version, IReadOnlyList<DeltaAction> actions) =>
        last.TableProperties.InCommitTimestamps && version >= (last.TableProperties.InCommitTimestampEnablementVersion ?? 0)
            ? actions.OfType<CommitInfo>().FirstOrDefault()?.InCommitTimestamp
            : null;
}
