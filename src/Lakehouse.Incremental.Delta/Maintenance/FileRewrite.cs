using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>
/// Writes groups of files anew, each as one, without their deleted rows, in a commit that only rearranges (dataChange=false). When another writer
/// commits first, rows that it deleted are deleted where they went; else the groups whose files are as they were go into the next attempt as they are.
/// </summary>
internal sealed class FileRewrite(
    DeltaTable table,
    Func<Snapshot, IReadOnlyList<IReadOnlyList<AddFile>>> choose,
    JsonObject parameters,
    IProgress<MaintenanceProgress>? progress)
{
    private MetadataAction? _writtenFor;
    private List<FileGroup> _groups = [];

    /// <returns>What became of it, and the version; null when there was nothing to do.</returns>
    public async Task<OptimizeResult> RunAsync(CancellationToken cancellationToken)
    {
        TransactionResult? result = await table.CommitAsync(DeriveAsync, cancellationToken).ConfigureAwait(false);
        return result is null ? new OptimizeResult(null, 0, 0, 0, 0, 0) : Result(result.Version);
    }

    private async Task<CommitPlan?> DeriveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        List<FileGroup> kept = ReferenceEquals(_writtenFor, snapshot.Metadata) ? _groups.FindAll(group => group.HoldsIn(snapshot)) : [];
        _groups = kept.Count > 0 ? kept : await WriteAsync(snapshot, cancellationToken).ConfigureAwait(false);
        _writtenFor = snapshot.Metadata;
        if (_groups.Count == 0)
        {
            return null;
        }

        long now = table.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        return new CommitPlan
        {
            Actions =
            [
                .. _groups.SelectMany(static group => group.Files).Select(file => RemoveFile.Of(file, now, dataChange: false)),
                .. _groups.SelectMany(static group => group.Written),
            ],
            Reads = ReadScope.Matching(static _ => false, _groups.SelectMany(static group => group.Files).Select(static file => file.Path), rowWise: true),
            Moves = [.. _groups.SelectMany(static group => RowMove.Pair(group.Sources, group.Written))],
            WrittenPaths = [.. _groups.SelectMany(static group => group.Written).Select(static file => DataFilePath.Decode(file.Path))],
            Info = new CommitInfo { Operation = "OPTIMIZE", OperationParameters = parameters, OperationMetrics = Metrics() },
        };
    }

    private async Task<List<FileGroup>> WriteAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<AddFile>> chosen = choose(snapshot);
        int total = chosen.Sum(static files => files.Count);
        int done = 0;
        List<FileGroup> groups = [];
        foreach (IReadOnlyList<AddFile> files in chosen)
        {
            groups.Add(await WriteGroupAsync(snapshot, files, cancellationToken).ConfigureAwait(false));
            done += files.Count;
            progress?.Report(new MaintenanceProgress(done, total));
        }

        return groups;
    }

    private async Task<FileGroup> WriteGroupAsync(Snapshot snapshot, IReadOnlyList<AddFile> files, CancellationToken cancellationToken)
    {
        List<RecordBatch> rows = [];
        List<MovedFile> sources = [];
        foreach (AddFile file in files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
            sources.Add(new MovedFile(file, deleted));
            rows.AddRange(await LiveRows.ReadToMoveAsync(table, snapshot, file, deleted, cancellationToken).ConfigureAwait(false));
        }

        if (!rows.Exists(static batch => batch.Length > 0))
        {
            return new FileGroup(sources, []);
        }

        IReadOnlyList<AddFile> written = await table.Writer.WriteAsync(snapshot, rows, RowOrigin.Table, cancellationToken).ConfigureAwait(false);
        return new FileGroup(sources, [.. written.Select(static file => file with { DataChange = false })]);
    }

    private OptimizeResult Result(long? version)
    {
        AddFile[] removed = [.. _groups.SelectMany(static group => group.Files)];
        AddFile[] added = [.. _groups.SelectMany(static group => group.Written)];
        return new OptimizeResult(
            version,
            added.Length,
            removed.Length,
            added.Sum(static file => file.Size),
            removed.Sum(static file => file.Size),
            removed.Count(static file => file.DeletionVector is not null));
    }

    private JsonObject Metrics()
    {
        OptimizeResult result = Result(null);
        long[] sizes = [.. _groups.SelectMany(static group => group.Written).Select(static file => file.Size).Order()];
        return OperationMetrics.Of(
            ("numAddedFiles", result.FilesAdded),
            ("numRemovedFiles", result.FilesRemoved),
            ("numAddedBytes", result.BytesAdded),
            ("numRemovedBytes", result.BytesRemoved),
            ("numDeletionVectorsRemoved", result.DeletionVectorsRemoved),
            ("minFileSize", At(0)),
            ("p25FileSize", At(0.25)),
            ("p50FileSize", At(0.5)),
            ("p75FileSize", At(0.75)),
            ("maxFileSize", At(1)));

        long At(double share) => sizes.Length == 0 ? 0 : sizes[(int)((sizes.Length - 1) * share)];
    }
}
