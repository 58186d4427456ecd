using System.Globalization;
using GitHistory.Events;
using GitHistory.Git;
using GitHistory.Output;
using GitHistory.Proof;

namespace GitHistory.Pipeline;

/// <summary>The whole job: deliver the history in batches, then prove the tables.</summary>
internal sealed class HistoryRun(Options options, GitRepository repository, IReadOnlyList<string> range, LakePipeline pipeline, BlobSizes sizes, RunProgress progress)
{
    private const int HistoryCheckpoints = 25;

    private readonly BatchTimes _times = new();
    private long _delivered;

    /// <summary>Delivers and proves; the lines of the result table.</summary>
    public async Task<IReadOnlyList<ProofResult>> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        bool resumed = await pipeline.CatchUpAsync(cancellationToken);
        await DeliverAsync(time, cancellationToken);
        TimeSpan elapsed = time.GetElapsedTime(started);
        string rate = string.Create(CultureInfo.InvariantCulture, $"{_delivered:N0} events in {_times.Count:N0} batches, {elapsed.TotalSeconds:N1} s, {_delivered / Math.Max(elapsed.TotalSeconds, 0.001):N0} events/s");
        string staged = _delivered == 0 && !resumed
            ? string.Create(CultureInfo.InvariantCulture, $"all {pipeline.StagedEvents:N0} events were there already: nothing changed")
            : rate;
        List<ProofResult> results = [new ProofResult("events staged, merged, aggregated", true, staged)];
        results.AddRange(await ProveAsync(cancellationToken));
        if (_times.Count > 0)
        {
            results.Add(new ProofResult("time of a micro-batch", true, _times.Describe()));
        }

        if (sizes.Missing > 0)
        {
            results.Add(new ProofResult("blobs the clone does not hold", true, string.Create(CultureInfo.InvariantCulture, $"{sizes.Missing:N0}, with a null size")));
        }

        return results;
    }

    private async Task DeliverAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<GitChange> changes = HistoryReader.ReadAsync(repository, range[^1], cancellationToken);
        IAsyncEnumerable<EventBatch> batches = options.Shuffle is { } seed
            ? ShuffledAsync(changes, seed, cancellationToken)
            : InOrderBatches.CutAsync(changes, options.BatchSize, pipeline.StagedOffset, cancellationToken);
        progress.Start("delivering", range.Count);
        int number = 0;
        await foreach (EventBatch batch in batches)
        {
            long began = time.GetTimestamp();
            await pipeline.ApplyAsync(batch, sizes, cancellationToken);
            _times.Add(time.GetElapsedTime(began));
            _delivered += batch.Events.Count;
            number++;
            progress.Advance(options.Shuffle is null ? batch.Events[^1].Change.Commit.Sequence : Math.Min(range.Count, (long)number * range.Count / Math.Max(1, _shuffledBatches)), batch.Events.Count);
        }

        progress.Finish();
    }

    private int _shuffledBatches;

    /// <summary>The batches of a random order that are not staged yet.</summary>
    private async IAsyncEnumerable<EventBatch> ShuffledAsync(
        IAsyncEnumerable<GitChange> changes, ulong seed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<GitChange> all = [];
        await foreach (GitChange change in changes.WithCancellation(cancellationToken))
        {
            all.Add(change);
        }

        EventBatch[] batches = [.. ShuffledBatches.Cut(all, options.BatchSize, seed)];
        _shuffledBatches = batches.Length;
        foreach (EventBatch batch in batches.Where(b => b.Offset > pipeline.StagedOffset))
        {
            yield return batch;
        }
    }

    private async Task<List<ProofResult>> ProveAsync(CancellationToken cancellationToken)
    {
        List<ProofResult> results = [];
        GroundTruth truth = new(repository, sizes);
        IReadOnlyList<(string Directory, FileRow File)> last = await truth.FilesAsync(range[^1], cancellationToken);
        results.Add(Proofs.Silver(await pipeline.Tables.ReadFilesAsync(cancellationToken), GroundTruth.ByPath(last)));
        results.Add(await ProveHistoryAsync(truth, cancellationToken));
        results.Add(Proofs.Gold(await pipeline.Tables.ReadDirectoriesAsync(cancellationToken), Proofs.Recount(last)));
        foreach ((string table, Lakehouse.Incremental.Reconciliation.ReconcileReport report) in await pipeline.ReconcileAsync(cancellationToken))
        {
            results.Add(new ProofResult($"{table} reconciles", report.IsClean, report.ToString()));
        }

        (long, long, long) before = pipeline.Tables.Versions;
        bool changed = await pipeline.CatchUpAsync(cancellationToken) || pipeline.Tables.Versions != before;
        results.Add(new ProofResult("applying it all again", !changed, changed ? "wrote new versions" : "changes nothing"));
        return results;
    }

    private async Task<ProofResult> ProveHistoryAsync(GroundTruth truth, CancellationToken cancellationToken)
    {
        List<HistoryRow> rows = await pipeline.Tables.ReadHistoryAsync(cancellationToken);
        IReadOnlyList<long> checkpoints = Proofs.Checkpoints(range.Count, HistoryCheckpoints);
        string? difference = Proofs.HistoryShape(rows);
        progress.Start("proving history", checkpoints.Count);
        for (int i = 0; i < checkpoints.Count && difference is null; i++)
        {
            difference = Proofs.HistoryAt(rows, checkpoints[i], await truth.ByPathAsync(range[(int)checkpoints[i] - 1], cancellationToken));
            progress.Advance(i + 1, 0);
        }

        progress.Finish();
        return new ProofResult(
            "silver/files_history equals git ls-tree",
            difference is null,
            difference ?? string.Create(CultureInfo.InvariantCulture, $"{rows.Count:N0} rows, as of {checkpoints.Count} commits from 1 to {range.Count:N0}"));
    }
}
