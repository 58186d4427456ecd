using System.Globalization;
using GitHistory.Events;
using GitHistory.Git;
using GitHistory.Output;
using GitHistory.Proof;
using Lakehouse.Incremental.Reconciliation;

namespace GitHistory.Pipeline;

/// <summary>The whole job: deliver the history in batches, prove the tables, and deliver it all again to show that nothing changes.</summary>
internal sealed class HistoryRun(
    EventStream stream,
    GitRepository repository,
    IReadOnlyList<string> range,
    LakePipeline pipeline,
    BlobSizes sizes,
    RunProgress progress,
    TimeProvider time)
{
    private const int HistoryCheckpoints = 25;
    private const string RepeatClaim = "all applied again";

    private readonly BatchTimes _times = new();

    /// <summary>Delivers and proves; the lines of the result table.</summary>
    public async Task<IReadOnlyList<ProofResult>> RunAsync(CancellationToken cancellationToken)
    {
        List<ProofResult> results = [await DeliverAsync(cancellationToken)];
        results.AddRange(await ProveAsync(cancellationToken));
        results.Add(results.All(r => r.IsOk)
            ? await RepeatAsync(cancellationToken)
            : new ProofResult(RepeatClaim, false, "not tried on tables that are wrong"));
        if (_times.Count > 0)
        {
            results.Add(new ProofResult("micro-batch time (median)", true, _times.Describe()));
        }

        if (sizes.Missing > 0)
        {
            string missing = string.Create(CultureInfo.InvariantCulture, $"{sizes.Missing:N0}, with a null size");
            results.Add(new ProofResult("blobs not in the clone", true, missing));
        }

        return results;
    }

    private async Task<ProofResult> DeliverAsync(CancellationToken cancellationToken)
    {
        const string Claim = "events applied";
        long started = time.GetTimestamp();
        long delivered = 0;
        bool caughtUp = await pipeline.CatchUpAsync(cancellationToken);
        progress.Start("delivering");
        await foreach (EventBatch batch in stream.ReadAsync(pipeline.StagedOffset, cancellationToken))
        {
            long began = time.GetTimestamp();
            await pipeline.ApplyAsync(batch, sizes, cancellationToken);
            _times.Add(time.GetElapsedTime(began));
            delivered += batch.Events.Count;
            progress.Advance(stream.Share(batch), batch.Events.Count);
        }

        progress.Finish();
        double seconds = Math.Max(time.GetElapsedTime(started).TotalSeconds, 0.001);
        string earlier = pipeline.StagedEvents > delivered
            ? string.Create(CultureInfo.InvariantCulture, $"; {pipeline.StagedEvents - delivered:N0} before")
            : "";
        string detail = delivered > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{delivered:N0} in {_times.Count:N0} batches, {delivered / seconds:N0}/s{earlier}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"nothing new, all {pipeline.StagedEvents:N0} staged before{(caughtUp ? ", the last merged now" : "")}");
        return new ProofResult(Claim, true, detail);
    }

    private async Task<List<ProofResult>> ProveAsync(CancellationToken cancellationToken)
    {
        GroundTruth truth = new(repository, sizes);
        IReadOnlyList<(string Directory, FileRow File)> last = await truth.FilesAsync(range[^1], cancellationToken);
        List<ProofResult> results =
        [
            Proofs.Silver(await pipeline.Tables.ReadFilesAsync(cancellationToken), GroundTruth.ByPath(last)),
            await ProveHistoryAsync(truth, cancellationToken),
            Proofs.Gold(await pipeline.Tables.ReadDirectoriesAsync(cancellationToken), Proofs.Recount(last)),
        ];
        progress.Start("reconciling");
        IReadOnlyList<(string Table, ReconcileReport Report)> reports =
            await pipeline.ReconcileAsync(share => progress.Advance(share, 0), cancellationToken);
        progress.Finish();
        foreach ((string table, ReconcileReport report) in reports)
        {
            results.Add(new ProofResult($"{table} reconciled", report.IsClean, Describe(report)));
        }

        return results;
    }

    private async Task<ProofResult> ProveHistoryAsync(GroundTruth truth, CancellationToken cancellationToken)
    {
        List<HistoryRow> rows = await pipeline.Tables.ReadHistoryAsync(cancellationToken);
        IReadOnlyList<long> checkpoints = Proofs.Checkpoints(range.Count, HistoryCheckpoints);
        string? difference = Proofs.HistoryShape(rows);
        progress.Start("proving history");
        for (int i = 0; i < checkpoints.Count && difference is null; i++)
        {
            difference = Proofs.HistoryAt(rows, checkpoints[i], await truth.ByPathAsync(range[(int)checkpoints[i] - 1], cancellationToken));
            progress.Advance((i + 1) / (double)checkpoints.Count, 0);
        }

        progress.Finish();
        return new ProofResult(
            "silver/files_history = ls-tree",
            difference is null,
            difference ?? string.Create(CultureInfo.InvariantCulture, $"{rows.Count:N0} rows, as of {checkpoints.Count} commits"));
    }

    private async Task<ProofResult> RepeatAsync(CancellationToken cancellationToken)
    {
        const int MergedDirectly = 10;
        TableVersions before = pipeline.Versions;
        long merged = 0, stagedTwice = 0;
        double nextMerge = 0;
        progress.Start("applying again");
        await foreach (EventBatch batch in stream.ReadAsync(-1, cancellationToken))
        {
            bool merge = stream.Share(batch) >= nextMerge;
            stagedTwice += await pipeline.OfferAgainAsync(batch, sizes, merge, cancellationToken) ? 0 : 1;
            merged += merge ? batch.Events.Count : 0;
            nextMerge = merge ? stream.Share(batch) + (1.0 / MergedDirectly) : nextMerge;
            progress.Advance(stream.Share(batch), batch.Events.Count);
        }

        await pipeline.CatchUpAsync(cancellationToken);
        progress.Finish();
        int changes = await pipeline.ChangesSinceAsync(before, cancellationToken);
        bool holds = stagedTwice + changes == 0 && (pipeline.Versions == before || (await ProveAsync(cancellationToken)).All(r => r.IsOk));
        return new ProofResult(
            RepeatClaim,
            holds,
            holds
                ? string.Create(CultureInfo.InvariantCulture, $"nothing changed, {merged:N0} re-merged")
                : string.Create(CultureInfo.InvariantCulture, $"{stagedTwice:N0} batches staged twice, {changes:N0} commits"));
    }

    private static string Describe(ReconcileReport report) => report.IsClean
        ? string.Create(CultureInfo.InvariantCulture, $"{report.ActualRows:N0} rows = full recompute")
        : $"{report}: {string.Join(", ", report.Samples.Take(3))}";
}
