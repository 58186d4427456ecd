using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>
/// A table as one version shows it. Immutable and safe to share between threads. It holds the list of the files, not their content, and goes on to
/// be right after later commits; its files can be read as long as no vacuum deleted them.
/// </summary>
public sealed class Snapshot
{
    private readonly TableDefinition _definition;
    private readonly ImmutableSortedDictionary<string, AddFile> _files;
    private readonly ImmutableDictionary<LogicalFile, RemoveFile> _tombstones;
    private readonly RowTotals _rows;

    internal Snapshot(SnapshotState state, TableDefinition definition, ProtocolAction protocol)
    {
        Version = state.Version;
        Timestamp = state.Timestamp;
        CommitInfo = state.CommitInfo;
        Protocol = protocol;
        _definition = definition;
        _files = state.Files;
        _tombstones = state.Tombstones;
        _rows = state.Rows;
        Transactions = state.Transactions;
        Domains = state.Domains;
        Files = new FileCollection(_files);
        Tombstones = new TombstoneCollection(_tombstones);
    }

    /// <summary>The version, 0 for the first commit.</summary>
    public long Version { get; }

    /// <summary>The columns in table order, partition columns included, as canonical Arrow types.</summary>
    public Apache.Arrow.Schema Schema => _definition.ArrowSchema;

    /// <summary>Names of the partition columns in partition order; empty for an unpartitioned table.</summary>
    public IReadOnlyList<string> PartitionColumns => Metadata.PartitionColumns;

    /// <summary>The table properties as they are in the log, unknown ones included.</summary>
    public IReadOnlyDictionary<string, string> Properties => Metadata.Configuration;

    /// <summary>The identity of the table, which stays the same for its life.</summary>
    public string TableId => Metadata.Id;

    /// <summary>The number of data files.</summary>
    public int FileCount => _files.Count;

    /// <summary>Bytes of all data files, rows hidden by deletion vectors included.</summary>
    public long SizeInBytes => _rows.Bytes;

    /// <summary>The number of rows by the statistics of the files; null when a file does not tell.</summary>
    public long? RowCount => _rows.UnknownFiles == 0 ? _rows.Rows : null;

    /// <summary>How many files have a deletion vector.</summary>
    internal int DeletionVectorCount => _rows.DeletionVectors;

    /// <summary>How many rows the deletion vectors hide.</summary>
    internal long DeletedRowCount => _rows.DeletedRows;

    internal ProtocolAction Protocol { get; }

    internal MetadataAction Metadata => _definition.Metadata;

    internal StructType DeltaSchema => _definition.Schema;

    internal TableProperties TableProperties => _definition.Properties;

    internal ColumnMapping Mapping => _definition.Mapping;

    /// <summary>The live files, in ordinal order of their decoded paths.</summary>
    internal IReadOnlyCollection<AddFile> Files { get; }

    /// <summary>The files that left the table, as far as the log still knows them; in no order.</summary>
    internal IReadOnlyCollection<RemoveFile> Tombstones { get; }

    internal IReadOnlyDictionary<string, SetTransaction> Transactions { get; }

    /// <summary>Live domains only.</summary>
    internal IReadOnlyDictionary<string, DomainMetadata> Domains { get; }

    /// <summary>Of the commit at this version; null when it has none or is cleaned up.</summary>
    internal CommitInfo? CommitInfo { get; }

    /// <summary>When this version was committed, in milliseconds since the Unix epoch; greater than that of the version before.</summary>
    internal long Timestamp { get; }

    /// <summary>The live file of a path in decoded form, whatever its deletion vector.</summary>
    internal bool TryGetFile(string path, [NotNullWhen(true)] out AddFile? file) => _files.TryGetValue(path, out file);

    /// <summary>The greatest version an application committed, or null.</summary>
    internal long? TransactionVersion(string appId) => Transactions.TryGetValue(appId, out SetTransaction? transaction) ? transaction.Version : null;

    /// <summary>The configuration of a live domain, or null.</summary>
    internal string? Domain(string name) => Domains.TryGetValue(name, out DomainMetadata? domain) ? domain.Configuration : null;

    /// <summary>The text of a partition column among the partition values of a file; null for null.</summary>
    internal string? PartitionValue(IReadOnlyDictionary<string, string?> values, string column) => values.GetValueOrDefault(Mapping.PhysicalName(column));

    /// <summary>The next version: this one with the actions of one commit. Costs the actions, not the files.</summary>
    /// <param name="version">The version of the commit, one more than this.</param>
    /// <param name="actions">Its actions, in any order.</param>
    /// <param name="commitTimestampMs">Modification time of the commit file, raised above this one's; unused if the commit has its own time.</param>
    internal Snapshot Apply(long version, IReadOnlyList<DeltaAction> actions, long commitTimestampMs)
    {
        SnapshotBuilder builder = new(State(), _definition, Protocol);
        builder.Apply(version, actions, commitTimestampMs);
        return builder.Build();
    }

    internal SnapshotState State() => new()
    {
        Version = Version,
        Timestamp = Timestamp,
        CommitInfo = CommitInfo,
        Files = _files,
        Tombstones = _tombstones,
        Transactions = (ImmutableSortedDictionary<string, SetTransaction>)Transactions,
        Domains = (ImmutableSortedDictionary<string, DomainMetadata>)Domains,
        Rows = _rows,
    };
}
