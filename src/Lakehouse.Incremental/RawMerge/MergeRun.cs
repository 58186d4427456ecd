using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Merges file after file, several at once, and writes what becomes of them in the order of the files: memory holds the source and a few files, and the
/// result does not depend on how many threads there are.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="merger">Merges files.</param>
/// <param name="writer">Writes the outcomes.</param>
/// <param name="atOnce">Whether all files are merged as one, so that rows which have no result can be named and counted.</param>
internal sealed class MergeRun(DeltaTable table, FileMerger merger, OutcomeWriter writer, bool atOnce)
{
    private readonly MergeTotals _totals = new();
    private readonly HashSet<int> _takenSources = [];

    /// <exception cref="InvalidRowsException">Rows do not tell one result, or have none.</exception>
    public async Task<MergeTotals> RunAsync(IReadOnlyList<TargetFile> files, CancellationToken cancellationToken)
    {
        IEnumerable<IReadOnlyList<TargetFile>> parts = atOnce ? [files] : files.Select(static file => new[] { file });
        int threads = table.Options.MaxDegreeOfParallelism;
        int atWork = atOnce ? 1 : Math.Clamp(files.Count, 1, threads);
        int readers = Math.Max(1, threads / atWork);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<(FileOutcome Outcome, RowNames Names)>> working = [];
        try
        {
            foreach (IReadOnlyList<TargetFile> part in parts)
            {
                if (working.Count == atWork)
                {
                    await TakeAsync(working.Dequeue()).ConfigureAwait(false);
                }

                working.Enqueue(Task.Run(() => merger.MergeAsync(part, readers, atOnce, ending.Token), ending.Token));
            }

            while (working.TryDequeue(out Task<(FileOutcome Outcome, RowNames Names)>? next))
            {
                await TakeAsync(next).ConfigureAwait(false);
            }
        }
        finally
        {
            // After an error the others come to nothing; but none may go on reading when the merge is over.
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(working.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _totals;
    }

    private async Task TakeAsync(Task<(FileOutcome Outcome, RowNames Names)> work)
    {
        (FileOutcome outcome, RowNames names) = await work.ConfigureAwait(false);
        if (!outcome.TakenSources.All(_takenSources.Add))
        {
            // Which ones and how many is known only when all files are looked at: the merge is done again for that.
            throw new InvalidRowsException(ErrorCodes.TargetKeyNotUnique, "The keys were declared unique, but files share some.");
        }

        _totals.Add(outcome);
        await writer.AddAsync(outcome, names).ConfigureAwait(false);
    }
}
