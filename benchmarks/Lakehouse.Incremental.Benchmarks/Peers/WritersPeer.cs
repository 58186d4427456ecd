using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Several writers in one process, each with a table and a flow of its own, as if they were processes.</summary>
/// <param name="scenario">The data; a batch is split between the most writers there are.</param>
/// <param name="define">Makes a flow.</param>
/// <param name="writers">How many.</param>
/// <param name="commits">Commits of each.</param>
internal sealed class WritersPeer(Scenario scenario, Func<MergeFlow> define, int writers, int commits) : DeltaPeer(scenario)
{
    private const int MostWriters = 8;

    // Eight writers at once on a slow machine may keep one of them waiting for long.
    private const int MostAttempts = 10_000;

    private readonly List<(DeltaTable Table, MergeFlow Flow)> _writers = [];

    public required RecordBatch WarmUp { get; init; }

    public override async Task OpenAsync(string folder)
    {
        await base.OpenAsync(folder).ConfigureAwait(false);
        for (int writer = 0; writer < writers; writer++)
        {
            DeltaTable table = await DeltaTable.OpenAsync(folder, new DeltaTableOptions { MaxCommitAttempts = MostAttempts }).ConfigureAwait(false);
            MergeFlow flow = define();
            await flow.ApplyAsync(WarmUp, table).ConfigureAwait(false);
            _writers.Add((table, flow));
        }
    }

    public override async Task<Effects> ApplyAsync()
    {
        int rows = Source.Length / (MostWriters * commits);
        MergeResult[][] done = await Task.WhenAll(_writers.Select((writer, number) => Task.Run(async () =>
        {
            List<MergeResult> results = [];
            for (int commit = 0; commit < commits; commit++)
            {
                RecordBatch part = SliceKernel.Slice(Source, ((number * commits) + commit) * rows, rows);
                results.Add(await writer.Flow.ApplyAsync(part, writer.Table).ConfigureAwait(false));
            }

            return results.ToArray();
        }))).ConfigureAwait(false);
        MergeResult[] all = [.. done.SelectMany(static r => r)];
        long updated = all.Sum(static r => r.Updated);
        return updated == (long)rows * writers * commits
            ? new Effects
            {
                RowsWritten = updated,
                RowsChanged = updated,
                FilesAdded = all.Sum(static r => (long)r.FilesAdded),
                Steps = FormattableString.Invariant($"{writers * commits} commits, {all.Sum(static r => r.LostRaces)} lost races"),
            }
            : throw new InvalidOperationException(FormattableString.Invariant($"{updated} updates arrived instead of {rows * writers * commits}."));
    }
}
