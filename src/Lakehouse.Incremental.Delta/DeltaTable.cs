using System.Diagnostics.CodeAnalysis;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.ChangeDataFeed;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Delta.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lakehouse.Incremental.Delta;

/// <summary>
/// A Delta table. An instance is safe for concurrent use, and any number of instances and processes may work with one table at the same time; each
/// commit is atomic and durable when the call returns. Batches it yields are backed by managed memory: disposing them is not needed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing that must be disposed.")]
public sealed partial class DeltaTable
{
    private readonly SnapshotLoader _loader;
    private readonly SemaphoreSlim _commits = new(1, 1);
    private Snapshot _current;

    internal DeltaTable(DeltaLog log, SnapshotLoader loader, Snapshot snapshot, DeltaTableOptions options)
    {
        Log = log;
        Options = options;
        Logger = options.Logger ?? NullLogger.Instance;
        _loader = loader;
        _current = snapshot;
        DataFileCache cache = new(options.DataCacheBytes);
        FileLocator files = new(log.Storage, options.AllowedRoots);
        Reader = new DataFileReader(files, cache);
        Writer = new DataFileWriter(log.Storage, cache, options.IdSource, options.TimeProvider, options.MaxRowsPerFile, Logger);
        DeletionVectors = new DeletionVectorStore(files, options.IdSource);
        Checkpoints = new CheckpointWriter(log.Storage, options.TimeProvider, options.IdSource);
        Files = files;
    }

    /// <summary>The latest version this instance has seen. Its own commits and <see cref="RefreshAsync"/> move it forward, never back.</summary>
    public Snapshot CurrentSnapshot => Volatile.Read(ref _current);

    internal ITableStorage Storage => Log.Storage;

    internal DeltaLog Log { get; }

    internal DeltaTableOptions Options { get; }

    internal ILogger Logger { get; }

    internal DataFileReader Reader { get; }

    internal DataFileWriter Writer { get; }

    internal DeletionVectorStore DeletionVectors { get; }

    internal CheckpointWriter Checkpoints { get; }

    internal FileLocator Files { get; }

    /// <inheritdoc cref="CreateAsync(ITableStorage, Schema, DeltaTableCreateOptions?, DeltaTableOptions?, CancellationToken)"/>
    /// <param name="path">A local folder; it is made when it is missing.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="create">What the table is like; null for the defaults.</param>
    /// <param name="options">How this process works with it; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<DeltaTable> CreateAsync(
        string path,
        Schema schema,
        DeltaTableCreateOptions? create = null,
        DeltaTableOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CreateAsync(new LocalTableStorage(path), schema, create, options, cancellationToken);

    /// <summary>Creates an empty table. Of several that create it at the same time, exactly one succeeds.</summary>
    /// <param name="storage">Where the table will lie.</param>
    /// <param name="schema">
    /// The columns. Types that Delta lacks become the next type that holds all their values, such as unsigned integers and dictionaries. The metadata
    /// of a field may hold <c>comment</c>, <c>CURRENT_DEFAULT</c>, <c>delta.generationExpression</c>, <c>delta.invariants</c> and
    /// <c>delta.identity.start</c>, <c>.step</c> and <c>.allowExplicitInsert</c>.
    /// </param>
    /// <param name="create">What the table is like; null for the defaults.</param>
    /// <param name="options">How this process works with it; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.TableExists"/>: a table is there already. <see cref="ErrorCodes.InvalidConfiguration"/>,
    /// <see cref="ErrorCodes.ReservedColumn"/>: schema or options are invalid.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">A property asks for a feature this library cannot write.</exception>
    public static Task<DeltaTable> CreateAsync(
        ITableStorage storage,
        Schema schema,
        DeltaTableCreateOptions? create = null,
        DeltaTableOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new TableOpening(storage, options).CreateAsync(schema, create ?? new(), cancellationToken);

    /// <inheritdoc cref="OpenAsync(ITableStorage, DeltaTableOptions?, CancellationToken)"/>
    /// <param name="path">A local folder.</param>
    /// <param name="options">How this process works with the table; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<DeltaTable> OpenAsync(string path, DeltaTableOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(new LocalTableStorage(path), options, cancellationToken);

    /// <summary>Opens a table at its latest version.</summary>
    /// <param name="storage">Where the table lies.</param>
    /// <param name="options">How this process works with it; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">There is no table (<see cref="ErrorCodes.TableNotFound"/>).</exception>
    /// <exception cref="UnsupportedFeatureException">It uses a feature this library cannot read; the message names it.</exception>
    /// <exception cref="CorruptTableException">Its log breaks the protocol.</exception>
    public static Task<DeltaTable> OpenAsync(
        ITableStorage storage, DeltaTableOptions? options = null, CancellationToken cancellationToken = default) =>
        new TableOpening(storage, options).OpenAsync(cancellationToken);

    /// <inheritdoc cref="CreateOrOpenAsync(ITableStorage, Schema, DeltaTableCreateOptions?, DeltaTableOptions?, CancellationToken)"/>
    /// <param name="path">A local folder; it is made when it is missing.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="create">What a new table is like; null for the defaults.</param>
    /// <param name="options">How this process works with it; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<DeltaTable> CreateOrOpenAsync(
        string path,
        Schema schema,
        DeltaTableCreateOptions? create = null,
        DeltaTableOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CreateOrOpenAsync(new LocalTableStorage(path), schema, create, options, cancellationToken);

    /// <summary>
    /// Opens a table, or creates it when there is none. A table that is there must have the given columns and partitioning; the order of its columns
    /// may differ, and its properties are left as they are.
    /// </summary>
    /// <inheritdoc cref="CreateAsync(ITableStorage, Schema, DeltaTableCreateOptions?, DeltaTableOptions?, CancellationToken)" path="/param"/>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: a table with other columns or partitioning is there; the message lists the differences.
    /// </exception>
    public static Task<DeltaTable> CreateOrOpenAsync(
        ITableStorage storage,
        Schema schema,
        DeltaTableCreateOptions? create = null,
        DeltaTableOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new TableOpening(storage, options).CreateOrOpenAsync(schema, create ?? new(), cancellationToken);

    /// <summary>Looks for commits of others and returns the latest version. Reads only what is new.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Snapshot> RefreshAsync(CancellationToken cancellationToken = default) =>
        Publish(await _loader.RefreshAsync(Log, CurrentSnapshot, cancellationToken).ConfigureAwait(false));

    /// <summary>The table as of a version.</summary>
    /// <param name="version">The version, 0 or more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">The version is not, or no longer, in the log (<see cref="ErrorCodes.VersionNotFound"/>).</exception>
    public async Task<Snapshot> SnapshotAtAsync(long version, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        Snapshot current = CurrentSnapshot;
        if (version > current.Version)
        {
            current = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        return version == current.Version ? current : await _loader.LoadAsync(Log, version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The last version that was committed at or before a moment; the latest one for a moment after all commits.</summary>
    /// <param name="timestamp">The moment. Versions have a precision of one millisecond.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">The log does not reach back as far (<see cref="ErrorCodes.VersionNotFound"/>).</exception>
    public async Task<long> VersionAtAsync(DateTimeOffset timestamp, CancellationToken cancellationToken = default)
    {
        Snapshot latest = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return await new VersionTimeline(Log, latest).VersionAtAsync(timestamp.ToUnixTimeMilliseconds(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The versions that the log still holds, newest first.</summary>
    /// <param name="limit">Greatest number of versions; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<TableVersion>> HistoryAsync(int? limit = null, CancellationToken cancellationToken = default)
    {
        Snapshot latest = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return await TableHistory.ReadAsync(Log, latest, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds rows in one commit. Columns are matched by name, in any order; a column that is missing gets its default, the value of its expression or
    /// its next number when it has such, and is null otherwise. Values are converted to the column's type when none is changed by it. Everything is
    /// checked before anything is written.
    /// </summary>
    /// <param name="rows">The rows. They stay the caller's and are not used any more when the call returns.</param>
    /// <param name="options">Transaction and user metadata; null for neither.</param>
    /// <param name="cancellationToken">Cancels the call. When it does so while the commit is on its way, the commit may stand.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: a column is unknown, or its type cannot be converted.
    /// </exception>
    /// <exception cref="InvalidRowsException">
    /// <see cref="ErrorCodes.LossyCast"/>: values cannot be converted without loss. <see cref="ErrorCodes.NotNullViolation"/>: nulls in a column
    /// that holds none. <see cref="ErrorCodes.ConstraintViolation"/>, <see cref="ErrorCodes.GeneratedColumnMismatch"/>: rows break a rule of the
    /// table. <see cref="ErrorCodes.IdentityValue"/>: a column is given that the table numbers itself.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">
    /// The table needs a feature this library cannot write, or has a rule in SQL that it does not know
    /// (<see cref="ErrorCodes.ExpressionNotSupported"/>).
    /// </exception>
    /// <exception cref="CommitConflictException">Other writers changed the table again and again.</exception>
    public Task<AppendResult> AppendAsync(RecordBatch rows, AppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new WriteOperation(this, [rows], options ?? new(), replace: false).RunAsync(cancellationToken);
    }

    /// <inheritdoc cref="AppendAsync(RecordBatch, AppendOptions?, CancellationToken)"/>
    /// <remarks>The batches are held in memory until all are checked.</remarks>
    public async Task<AppendResult> AppendAsync(
        IAsyncEnumerable<RecordBatch> rows, AppendOptions? options = null, CancellationToken cancellationToken = default) =>
        await WriteAsync(rows, options ?? new(), replace: false, cancellationToken).ConfigureAwait(false);

    /// <summary>Replaces all rows in one commit. Otherwise as an append.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.AppendOnly"/>: the table is append-only.</exception>
    /// <inheritdoc cref="AppendAsync(RecordBatch, AppendOptions?, CancellationToken)"/>
    public Task<AppendResult> OverwriteAsync(RecordBatch rows, AppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new WriteOperation(this, [rows], options ?? new(), replace: true).RunAsync(cancellationToken);
    }

    /// <inheritdoc cref="OverwriteAsync(RecordBatch, AppendOptions?, CancellationToken)"/>
    /// <remarks>The batches are held in memory until all are checked.</remarks>
    public async Task<AppendResult> OverwriteAsync(
        IAsyncEnumerable<RecordBatch> rows, AppendOptions? options = null, CancellationToken cancellationToken = default) =>
        await WriteAsync(rows, options ?? new(), replace: true, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The rows of one version: a later commit does not change what the enumeration yields. Order and batch borders are those of the files and
    /// mean nothing. A table or version without matching rows yields no batch.
    /// </summary>
    /// <param name="options">Columns, filter and version; null for all rows of the latest version.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: a column is unknown, or the filter does not fit the schema.
    /// <see cref="ErrorCodes.VersionNotFound"/>: there is no such version.
    /// </exception>
    /// <exception cref="CorruptTableException">A file is missing or damaged.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReadOptions();
        options.Validate();
        return TableScan.ReadAsync(this, options, cancellationToken);
    }

    /// <summary>The given columns of all rows of the latest version.</summary>
    /// <inheritdoc cref="ReadAsync(ReadOptions?, CancellationToken)"/>
    /// <param name="columns">Names of the columns, in the order wanted.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IAsyncEnumerable<RecordBatch> ReadAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken = default) =>
        ReadAsync(new ReadOptions { Columns = columns }, cancellationToken);

    /// <summary>
    /// The rows that the versions of a range inserted, updated and deleted, version by version: the columns of the table as of the last version,
    /// and <c>_change_type</c> (<c>insert</c>, <c>update_preimage</c>, <c>update_postimage</c> or <c>delete</c>), <c>_commit_version</c> and
    /// <c>_commit_timestamp</c>.
    /// </summary>
    /// <param name="fromVersion">The first version whose changes are read.</param>
    /// <param name="toVersion">The last version whose changes are read; not less than the first.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.ChangeDataUnavailable"/>: the table did not record changes in all of the range.
    /// <see cref="ErrorCodes.SchemaMismatch"/>: the columns changed within the range so that the earlier rows do not fit.
    /// <see cref="ErrorCodes.VersionNotFound"/>: a version is not, or no longer, in the log.
    /// </exception>
    public IAsyncEnumerable<RecordBatch> ReadChangesAsync(long fromVersion, long toVersion, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(toVersion, fromVersion);
        return new ChangeDataReader(this).ReadAsync(fromVersion, toVersion, cancellationToken);
    }

    /// <summary>
    /// Commits what <paramref name="derive"/> makes of the latest snapshot, and asks it again when another writer was faster and changed something the plan
    /// depends on. Commits of one instance wait for each other, so that they do not race among themselves; the delegate must not commit to the same instance.
    /// </summary>
    /// <returns>Null when the delegate returned null.</returns>
    internal async Task<TransactionResult?> CommitAsync(
        Func<Snapshot, CancellationToken, Task<CommitPlan?>> derive, CancellationToken cancellationToken)
    {
        TransactionResult? result;
        await _commits.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            result = await new OptimisticTransaction(this, derive).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _commits.Release();
        }

        if (result is not null)
        {
            await AfterCommit.RunAsync(this, result.Snapshot).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Makes a snapshot the current one unless a later one is known already, and returns the later of the two.</summary>
    internal Snapshot Publish(Snapshot snapshot)
    {
        while (true)
        {
            Snapshot current = CurrentSnapshot;
            if (snapshot.Version <= current.Version)
            {
                return current;
            }

            if (ReferenceEquals(Interlocked.CompareExchange(ref _current, snapshot, current), current))
            {
                return snapshot;
            }
        }
    }

    private async Task<AppendResult> WriteAsync(
        IAsyncEnumerable<RecordBatch> rows, AppendOptions options, bool replace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batches.Add(batch);
        }

        return await new WriteOperation(this, batches, options, replace).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
