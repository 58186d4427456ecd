using System.Collections.Immutable;
using System.Globalization;
using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Replays checkpoints and commits (protocol notes, section 3). Within a commit the order of the actions does not count.</summary>
internal sealed class SnapshotBuilder
{
    private readonly ImmutableSortedDictionary<string, AddFile>.Builder _files;
    private readonly ImmutableDictionary<LogicalFile, RemoveFile>.Builder _tombstones;
    private readonly ImmutableSortedDictionary<string, SetTransaction>.Builder _transactions;
    private readonly ImmutableSortedDictionary<string, DomainMetadata>.Builder _domains;
    private TableDefinition? _definition;
    private ProtocolAction? _protocol;
    private CommitInfo? _commitInfo;
    private RowTotals _rows;
    private long _version;
    private long _timestamp;

    public SnapshotBuilder(SnapshotState start, TableDefinition? definition, ProtocolAction? protocol)
    {
        _files = start.Files.ToBuilder();
        _tombstones = start.Tombstones.ToBuilder();
        _transactions = start.Transactions.ToBuilder();
        _domains = start.Domains.ToBuilder();
        _definition = definition;
        _protocol = protocol;
        _commitInfo = start.CommitInfo;
        _rows = start.Rows;
        _version = start.Version;
        _timestamp = start.Timestamp;
    }

    /// <summary>Whether nothing was applied yet.</summary>
    public bool IsEmpty => _version < 0;

    /// <summary>Starts with the content of a checkpoint.</summary>
    /// <param name="version">The version of the checkpoint.</param>
    /// <param name="actions">Its actions.</param>
    public void ApplyCheckpoint(long version, IReadOnlyList<DeltaAction> actions)
    {
        ApplyActions(actions);
        _version = version;
    }

    /// <summary>Adds what only the commit of the checkpoint's version tells: its time and its commit info.</summary>
    public void ApplyCheckpointCommit(CommitInfo? commitInfo, long modifiedMs) => SetTime(commitInfo, modifiedMs);

    public void Apply(long version, IReadOnlyList<DeltaAction> actions, long modifiedMs)
    {
        CheckFollows(version);
        ApplyActions(actions);
        _version = version;
        SetTime(actions.OfType<CommitInfo>().FirstOrDefault(), modifiedMs);
    }

    /// <summary>Applies what several commits say together.</summary>
    /// <param name="first">The first version it stands for, one more than the current one.</param>
    /// <param name="last">The last one.</param>
    /// <param name="actions">The newest action for each file, application and so on, removals included.</param>
    /// <param name="modifiedMs">When each of the commits was made, as far as the file system knows.</param>
    public void ApplyCompaction(long first, long last, IReadOnlyList<DeltaAction> actions, IReadOnlyList<long> modifiedMs)
    {
        CheckFollows(first);
        ApplyActions(actions);
        _version = last;
        _commitInfo = null;

        // With in-commit timestamps the next commit has its own time; file times, which may be later, must not push it.
        foreach (long modified in modifiedMs.Where(_ => _definition?.Properties.InCommitTimestamps != true))
        {
            SetTime(null, modified);
        }
    }

    /// <exception cref="CorruptTableException">The log holds no protocol or no metadata.</exception>
    public Snapshot Build()
    {
        SnapshotState state = new()
        {
            Version = _version,
            Timestamp = _timestamp,
            CommitInfo = _commitInfo,
            Files = _files.ToImmutable(),
            Tombstones = _tombstones.ToImmutable(),
            Transactions = _transactions.ToImmutable(),
            Domains = _domains.ToImmutable(),
            Rows = _rows,
        };
        return new Snapshot(state, _definition ?? throw Missing("metaData"), _protocol ?? throw Missing("protocol"));
    }

    private void CheckFollows(long version)
    {
        if (version != _version + 1)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Version {version} does not follow version {_version}."), nameof(version));
        }
    }

    private void ApplyActions(IReadOnlyList<DeltaAction> actions)
    {
        // A change of a deletion vector is a remove and an add of one path: the removes go first.
        foreach (DeltaAction action in actions)
        {
            if (action is RemoveFile remove)
            {
                Remove(remove);
            }
        }

        foreach (DeltaAction action in actions)
        {
            switch (action)
            {
                case AddFile add:
                    Add(add);
                    break;
                case MetadataAction metadata:
                    _definition = new TableDefinition(metadata);
                    break;
                case ProtocolAction protocol:
                    _protocol = protocol;
                    break;
                case SetTransaction transaction:
                    _transactions[transaction.AppId] = transaction;
                    break;
                case DomainMetadata { Removed: true } domain:
                    _domains.Remove(domain.Domain);
                    break;
                case DomainMetadata domain:
                    _domains[domain.Domain] = domain;
                    break;
                default:
                    break;
            }
        }
    }

    private void Add(AddFile add)
    {
        string path = LogicalFile.PathKey(add.Path);
        if (_files.TryGetValue(path, out AddFile? former))
        {
            _rows = _rows.Minus(former);
        }

        _files[path] = add;
        _rows = _rows.Plus(add);
        _tombstones.Remove(new LogicalFile(path, add.DeletionVector?.UniqueId));
    }

    private void Remove(RemoveFile remove)
    {
        LogicalFile key = new(LogicalFile.PathKey(remove.Path), remove.DeletionVector?.UniqueId);
        if (_files.TryGetValue(key.Path, out AddFile? live)
            && string.Equals(live.DeletionVector?.UniqueId, key.DeletionVector, StringComparison.Ordinal))
        {
            _files.Remove(key.Path);
            _rows = _rows.Minus(live);
        }

        _tombstones[key] = remove;
    }

    // File times may repeat or go back; versions are told apart by time, so each is at least a millisecond later than the one before. An in-commit
    // timestamp holds as it is: file times of versions from before it was turned on are later once the log was copied.
    private void SetTime(CommitInfo? commitInfo, long modifiedMs)
    {
        _commitInfo = commitInfo;
        if (_definition?.Properties.InCommitTimestamps == true && commitInfo?.InCommitTimestamp is { } own)
        {
            _timestamp = own;
            return;
        }

        _timestamp = _timestamp == long.MinValue ? modifiedMs : Math.Max(modifiedMs, _timestamp + 1);
    }

    private CorruptTableException Missing(string action) => new(
        ErrorCodes.CorruptLog,
        string.Create(CultureInfo.InvariantCulture, $"The log up to version {_version} holds no {action} action."));
}
