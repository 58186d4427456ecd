using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Delta;

/// <summary>How this process works with a table. Nothing here is stored in the table.</summary>
public sealed record DeltaTableOptions
{
    private const long DefaultDataCacheBytes = 256L << 20;

    private const int DefaultMaxCommitAttempts = 20;

    private const int DefaultMaxRowsPerFile = 1_000_000;

    /// <summary>Where the time of commits comes from. Default: the clock of the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the names of files and the ids of tables and commits come from. Default: random.</summary>
    public IdSource IdSource { get; init; } = IdSource.System;

    /// <summary>Receives what happens besides the results: commits, lost races, checkpoints. No row values are logged. Default: none.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Memory for decoded data files, in bytes; 0 turns the cache off. Default 256 MiB.</summary>
    public long DataCacheBytes { get; init; } = DefaultDataCacheBytes;

    /// <summary>
    /// How often an operation is derived anew because other writers commit first, before it fails with <see cref="CommitConflictException"/>.
    /// A lost race does not count while the operation need not be derived anew. Default 20; at least 1.
    /// </summary>
    public int MaxCommitAttempts { get; init; } = DefaultMaxCommitAttempts;

    /// <summary>Greatest number of rows written into one data file. Default 1,000,000; at least 1.</summary>
    public int MaxRowsPerFile { get; init; } = DefaultMaxRowsPerFile;

    /// <summary>How many files are read at once, at most; results do not depend on it. Default: the number of processors; at least 1.</summary>
    public int MaxDegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether a flow keeps an index of its target's keys between batches, by which it finds rows, and knows their place in the order without reading them. Off, each
    /// batch reads the keys of the whole table, and nothing but time and memory differs. Default true.
    /// </summary>
    public bool UsesKeyIndex { get; init; } = true;

    /// <summary>
    /// Folders of this machine, by absolute path, that absolute paths in the log may lead into, such as those of the table a shallow clone was made of.
    /// Default: none, so that an absolute path is refused (<see cref="ErrorCodes.PathNotAllowed"/>) unless it lies in the table's own folder.
    /// </summary>
    public IReadOnlyList<string> AllowedRoots { get; init; } = [];

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(IdSource);
        ArgumentNullException.ThrowIfNull(AllowedRoots);
        if (AllowedRoots.FirstOrDefault(static root => !Path.IsPathFullyQualified(root)) is { } relative)
        {
            throw new ArgumentException($"'{relative}' in {nameof(AllowedRoots)} is no absolute path.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(DataCacheBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCommitAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowsPerFile, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDegreeOfParallelism, 1);
    }
}
