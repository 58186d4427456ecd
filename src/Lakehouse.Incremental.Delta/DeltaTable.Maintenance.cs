using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta;

/// <content>What keeps a table in shape: optimize, vacuum, restore, checkpoints and the clean-up of the log.</content>
public sealed partial class DeltaTable
{
    /// <summary>
    /// Joins small files and rewrites files with many deleted rows, in one commit. The rows stay the same; readers of changes see none. Rows that another
    /// writer deletes meanwhile are deleted where they went; files that it replaces are left to the next call.
    /// </summary>
    /// <param name="options">What to rewrite; null for the defaults.</param>
    /// <param name="progress">Is told after each group of files; null for nobody.</param>
    /// <param name="cancellationToken">Cancels the call. Files written so far are left to a vacuum.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the filter is on a column that is no partition column.
    /// <see cref="ErrorCodes.SchemaMismatch"/>: it does not fit the schema.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    /// <exception cref="CommitConflictException">Other writers changed the same files again and again.</exception>
    public Task<OptimizeResult> OptimizeAsync(
        OptimizeOptions? options = null, IProgress<MaintenanceProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new OptimizeOptions();
        options.Validate();
        JsonObject parameters = new() { ["predicate"] = "[]", ["auto"] = false, ["targetSize"] = options.TargetFileSize };
        return new FileRewrite(this, Choose, parameters, progress).RunAsync(cancellationToken);

        IReadOnlyList<IReadOnlyList<Actions.AddFile>> Choose(Snapshot snapshot)
        {
            ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
            string? other = options.Filter?.Columns.FirstOrDefault(column => !snapshot.PartitionColumns.Contains(column, StringComparer.Ordinal));
            return other is null
                ? FilePacking.Pack(snapshot, options, Options.MaxRowsPerFile)
                : throw new LakehouseException(
                    ErrorCodes.InvalidConfiguration, $"Files are chosen by partition; '{other}' is no partition column of '{Storage.Name}'.") { Table = Storage.Name };
        }
    }

    /// <summary>
    /// Deletes the files in the table's folder that no version within the retention needs: neither rows, deletion vectors, change data nor the state
    /// of flows. Versions that are older lose files and cannot be read any more. By default it only tells what it would delete.
    /// </summary>
    /// <param name="options">Retention, and whether to delete; null for a dry run with the table's retention.</param>
    /// <param name="progress">Is told after each file deleted; null for nobody.</param>
    /// <param name="cancellationToken">Cancels the call between files.</param>
    /// <remarks>
    /// Never touches hidden files (their names begin with an underscore or a dot), the log, or another table that lies in a folder of this one. Files
    /// in the folder that belong to no table are deleted, too, once they are old enough.
    /// </remarks>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the retention is shorter than the table's, and that was not allowed.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    public Task<VacuumResult> VacuumAsync(
        VacuumOptions? options = null, IProgress<MaintenanceProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new VacuumOptions();
        options.Validate();
        return new VacuumOperation(this, options, progress).RunAsync(cancellationToken);
    }

    /// <summary>
    /// Makes the table equal to one of its older versions, in a new commit: rows, columns, properties, and the state of the flow that wrote it. The
    /// protocol stays, and so do the transactions of applications. Readers of changes see what leaves and what comes back.
    /// </summary>
    /// <param name="version">The version, 0 or more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.VersionNotFound"/>: the version is not, or no longer, in the log. <see cref="ErrorCodes.FilesMissing"/>: files it needs
    /// were deleted; nothing was committed. <see cref="ErrorCodes.AppendOnly"/>: the table is append-only and rows would leave it.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    /// <exception cref="CommitConflictException">Other writers changed the table again and again.</exception>
    public Task<RestoreResult> RestoreAsync(long version, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new RestoreOperation(this, version, null).RunAsync(cancellationToken);
    }

    /// <summary>Makes the table equal to what it was at a moment. Otherwise as the other one.</summary>
    /// <param name="timestamp">The moment: the last version committed at or before it is restored.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <inheritdoc cref="RestoreAsync(long, CancellationToken)" path="/exception"/>
    public async Task<RestoreResult> RestoreAsync(DateTimeOffset timestamp, CancellationToken cancellationToken = default)
    {
        long version = await VersionAtAsync(timestamp, cancellationToken).ConfigureAwait(false);
        return await new RestoreOperation(this, version, timestamp).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a checkpoint of the latest version, unless it has one. Commits do so by themselves every <c>delta.checkpointInterval</c> versions.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version.</returns>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    public async Task<long> CheckpointAsync(CancellationToken cancellationToken = default)
    {
        Snapshot snapshot = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        if (await Checkpoints.WriteAsync(snapshot, cancellationToken).ConfigureAwait(false))
        {
            Logger.CheckpointWritten(Storage.Name, snapshot.Version);
        }

        return snapshot.Version;
    }

    /// <summary>
    /// Deletes the commits, checkpoints and other files of the log that are older than <c>delta.logRetentionDuration</c> (30 days unless set) and that
    /// no younger version needs. Versions before the oldest one left cannot be read any more, nor can their changes. Commits do this by themselves
    /// after each checkpoint unless <c>delta.enableExpiredLogCleanup</c> is false.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call between files.</param>
    /// <exception cref="UnsupportedFeatureException">The table needs a feature this library cannot write.</exception>
    public async Task<LogCleanUpResult> CleanUpLogAsync(CancellationToken cancellationToken = default)
    {
        Snapshot snapshot = await RefreshAsync(cancellationToken).ConfigureAwait(false);
        ProtocolGate.CheckWrite(snapshot.Protocol, snapshot.Metadata);
        return await new LogCleanUp(Storage, Options.TimeProvider).RunAsync(snapshot.TableProperties.LogRetention, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the table is like, as of its latest version. Reads no data.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<TableDescription> DescribeAsync(CancellationToken cancellationToken = default) =>
        TableDescriptions.Of(await RefreshAsync(cancellationToken).ConfigureAwait(false), Storage.Name);
}
