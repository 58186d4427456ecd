using Apache.Arrow;
using GitHistory.Events;
using GitHistory.Git;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;

namespace GitHistory.Pipeline;

/// <summary>The tables of the sample and the flows between them: events are staged, merged into Silver, and aggregated into Gold.</summary>
internal sealed class LakePipeline
{
    private const string Source = "git";

    /// <summary>Events that a reconciliation holds at a time: bounds the memory of a run over a long history.</summary>
    private const long ReconciledEvents = 100_000;

    /// <summary>Decoded data files that each table keeps: the tables of a usual repository, whole.</summary>
    private static readonly DeltaTableOptions TableOptions = new() { DataCacheBytes = 256L << 20 };

    private readonly StagingTable _staging;
    private readonly MergeFlow _files;
    private readonly MergeFlow _history;
    private readonly AggregateFlow _byDirectory;

    private LakePipeline(StagingTable staging, LakeTables tables, MergeFlow files, MergeFlow history, AggregateFlow byDirectory)
    {
        _staging = staging;
        Tables = tables;
        _files = files;
        _history = history;
        _byDirectory = byDirectory;
    }

    /// <summary>The tables that the proofs read.</summary>
    public LakeTables Tables { get; }

    /// <summary>The offset of the last staged batch; -1 when none is staged.</summary>
    public long StagedOffset => _staging.LastOffset(Source, 0) ?? -1;

    /// <summary>The versions of all tables.</summary>
    public TableVersions Versions => new(
        _staging.Table.CurrentSnapshot.Version,
        Tables.Files.CurrentSnapshot.Version,
        Tables.History.CurrentSnapshot.Version,
        Tables.ByDirectory.CurrentSnapshot.Version);

    /// <summary>Rows staged so far.</summary>
    public long StagedEvents => _staging.Table.CurrentSnapshot.RowCount ?? 0;

    /// <summary>Opens the tables below a folder, or creates them.</summary>
    public static async Task<LakePipeline> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        MergeFlow files = Flow("files", ScdType.Type1);
        MergeFlow history = Flow("files_history", ScdType.Type2);
        AggregateFlow byDirectory = AggregateFlow.Named("by_directory")
            .GroupBy("directory").Count("files").Sum("size_bytes", "bytes").Max("size_bytes", "largest")
            .Build();
        Schema events = EventColumns.Schema, silver = files.TargetSchema(events);
        StagingTable staging = await StagingTable.CreateOrOpenAsync(
            Path.Combine(folder, "staging", "events"), events, TableOptions, cancellationToken);
        LakeTables tables = new(
            await OpenAsync(Path.Combine(folder, "silver", "files"), silver, changeDataFeed: true, cancellationToken),
            await OpenAsync(Path.Combine(folder, "silver", "files_history"), history.TargetSchema(events), changeDataFeed: false, cancellationToken),
            await OpenAsync(Path.Combine(folder, "gold", "by_directory"), byDirectory.TargetSchema(silver), false, cancellationToken));
        return new LakePipeline(staging, tables, files, history, byDirectory);
    }

    /// <summary>The blobs that were staged without a size.</summary>
    public async Task<IReadOnlyCollection<string>> BlobsWithoutSizeAsync(CancellationToken cancellationToken)
    {
        ReadOptions options = new()
        {
            Columns = [EventColumns.BlobId],
            Filter = Filter.Column(EventColumns.Size).IsNull() & Filter.Column(EventColumns.BlobId).IsNotNull()
                & Filter.Column(EventColumns.Mode).NotEqualTo(Git.FileMode.Submodule),
        };
        HashSet<string> blobs = new(StringComparer.Ordinal);
        await foreach (RecordBatch batch in _staging.Table.ReadAsync(options, cancellationToken))
        {
            StringArray ids = (StringArray)batch.Column(0);
            for (int row = 0; row < ids.Length; row++)
            {
                blobs.Add(ids.GetString(row));
            }
        }

        return blobs;
    }

    /// <summary>Stages a batch and carries it through to Gold.</summary>
    public async Task ApplyAsync(EventBatch batch, BlobSizes sizes, CancellationToken cancellationToken)
    {
        using RecordBatch events = await ToArrowAsync(batch, sizes, cancellationToken);
        await _staging.AppendAsync(events, new SourcePosition(Source, 0, batch.Offset), cancellationToken);
        await CatchUpAsync(cancellationToken);
    }

    /// <summary>Offers a batch that was applied before. True when staging recognised it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sizes">Sizes of its blobs.</param>
    /// <param name="merge">Also merge it into Silver directly, past staging.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public async Task<bool> OfferAgainAsync(EventBatch batch, BlobSizes sizes, bool merge, CancellationToken cancellationToken)
    {
        using RecordBatch events = await ToArrowAsync(batch, sizes, cancellationToken);
        StagingResult staged = await _staging.AppendAsync(events, new SourcePosition(Source, 0, batch.Offset), cancellationToken);
        if (merge)
        {
            await _files.ApplyAsync(events, Tables.Files, cancellationToken);
            await _history.ApplyAsync(events, Tables.History, cancellationToken);
        }

        return staged.AlreadyStaged;
    }

    /// <summary>Merges what is staged and not merged, and aggregates what is merged and not aggregated. True when there was anything.</summary>
    public async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        MergeResult files = await _files.ApplyAsync(_staging, Tables.Files, cancellationToken);
        MergeResult history = await _history.ApplyAsync(_staging, Tables.History, cancellationToken);
        AggregateResult gold = await _byDirectory.ApplyAsync(Tables.Files, Tables.ByDirectory, cancellationToken);
        return files.Version is not null || history.Version is not null || gold.Version is not null;
    }

    /// <summary>
    /// Commits since some versions that were more than a rearrangement of files. A run killed right before such a rearrangement leaves it to the next
    /// one, so a version alone does not say that rows changed.
    /// </summary>
    public async Task<int> ChangesSinceAsync(TableVersions before, CancellationToken cancellationToken)
    {
        (DeltaTable Table, long Version)[] tables =
        [
            (_staging.Table, before.Staging), (Tables.Files, before.Files),
            (Tables.History, before.History), (Tables.ByDirectory, before.ByDirectory),
        ];
        int changes = 0;
        foreach ((DeltaTable table, long version) in tables)
        {
            int commits = checked((int)(table.CurrentSnapshot.Version - version));
            IReadOnlyList<TableVersion> history = commits == 0 ? [] : await table.HistoryAsync(commits, cancellationToken);
            changes += history.Count(v => v.Operation != "OPTIMIZE");
        }

        return changes;
    }

    /// <summary>Compares each table with a full recompute of its input; writes nothing.</summary>
    /// <param name="progress">Told the share of the work done, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public async Task<IReadOnlyList<(string Table, ReconcileReport Report)>> ReconcileAsync(
        Action<double> progress, CancellationToken cancellationToken)
    {
        ReconcileOptions Part(int number) => new()
        {
            Mode = ReconcileMode.Report,
            MaxEventsPerPass = ReconciledEvents,
            Progress = new Relay(share => progress((number + share) / 3)),
        };
        return
        [
            ("silver/files", await Reconciler.ReconcileAsync(_files, _staging, Tables.Files, Part(0), cancellationToken)),
            ("silver/files_history", await Reconciler.ReconcileAsync(_history, _staging, Tables.History, Part(1), cancellationToken)),
            ("gold/by_directory", await Reconciler.ReconcileAsync(_byDirectory, Tables.Files, Tables.ByDirectory, Part(2), cancellationToken)),
        ];
    }

    private static async Task<RecordBatch> ToArrowAsync(EventBatch batch, BlobSizes sizes, CancellationToken cancellationToken)
    {
        await sizes.LookUpAsync(batch.Events.Select(e => (e.Change.Mode, e.Change.BlobId)), cancellationToken);
        return EventBatchWriter.ToArrow(batch, sizes);
    }

    private static MergeFlow Flow(string name, ScdType scdType) => MergeFlow.Named(name)
        .Keys("path")
        .SequenceBy("sequence")
        .ApplyAsDeleteWhen(change => change["op"].EqualTo(EventColumns.Delete))
        .ExceptColumns("op")
        .StoredAs(scdType)
        .Build();

    private static Task<DeltaTable> OpenAsync(string folder, Schema schema, bool changeDataFeed, CancellationToken cancellationToken)
    {
        DeltaTableCreateOptions create = new()
        {
            ChangeDataFeed = changeDataFeed,
            Properties = new Dictionary<string, string> { ["delta.autoOptimize.autoCompact"] = "true" },
        };
        return DeltaTable.CreateOrOpenAsync(folder, schema, create, TableOptions, cancellationToken);
    }

    /// <summary>Hands progress on at once; the framework's own class would do it later, on another thread.</summary>
    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
