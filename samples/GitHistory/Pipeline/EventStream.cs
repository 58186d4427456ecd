using System.Runtime.CompilerServices;
using GitHistory.Events;
using GitHistory.Git;

namespace GitHistory.Pipeline;

/// <summary>The batches of the run, the same at every reading.</summary>
/// <param name="options">Order and size of the batches.</param>
/// <param name="repository">The repository.</param>
/// <param name="range">The commits of the run, oldest first.</param>
internal sealed class EventStream(Options options, GitRepository repository, IReadOnlyList<string> range)
{
    private int _shuffledBatches;

    /// <summary>Reads the batches behind an offset, from git itself each time.</summary>
    /// <param name="afterOffset">The greatest offset not wanted, -1 to get all.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    public IAsyncEnumerable<EventBatch> ReadAsync(long afterOffset, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<GitChange> changes = HistoryReader.ReadAsync(repository, range[^1], cancellationToken);
        return options.Shuffle is { } seed
            ? ShuffleAsync(changes, seed, afterOffset, cancellationToken)
            : InOrderBatches.CutAsync(changes, options.BatchSize, afterOffset, cancellationToken);
    }

    /// <summary>The share of the stream, from 0 to 1, that ends with a batch.</summary>
    public double Share(EventBatch batch) => options.Shuffle is null
        ? batch.Events[^1].Change.Commit.Sequence / (double)range.Count
        : (batch.Offset + 1) / (double)_shuffledBatches;

    private async IAsyncEnumerable<EventBatch> ShuffleAsync(
        IAsyncEnumerable<GitChange> changes, ulong seed, long afterOffset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<GitChange> all = await changes.ToListAsync(cancellationToken);
        IReadOnlyList<EventBatch> batches = ShuffledBatches.Cut(all, options.BatchSize, seed);
        _shuffledBatches = batches.Count;
        foreach (EventBatch batch in batches.Where(b => b.Offset > afterOffset))
        {
            yield return batch;
        }
    }
}
