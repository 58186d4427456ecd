using System.Runtime.CompilerServices;
using GitHistory.Git;

namespace GitHistory.Events;

/// <summary>
/// Cuts the history into batches of equal size, in its own order. The offset of a batch is the ordinal of its last event, so that the cut can go on
/// behind any staged offset, whatever size the batches before had.
/// </summary>
internal static class InOrderBatches
{
    /// <summary>Batches of all events whose ordinal is greater than the last staged offset.</summary>
    /// <param name="changes">The history, oldest first.</param>
    /// <param name="batchSize">Events per batch; the last batch may be smaller.</param>
    /// <param name="stagedOffset">The greatest offset that is staged, -1 for none.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    public static async IAsyncEnumerable<EventBatch> CutAsync(
        IAsyncEnumerable<GitChange> changes, int batchSize, long stagedOffset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long ordinal = -1;
        List<FileEvent> events = [];
        await foreach (GitChange change in changes.WithCancellation(cancellationToken))
        {
            ordinal++;
            if (ordinal > stagedOffset)
            {
                events.Add(new FileEvent(ordinal, change));
                if (events.Count == batchSize)
                {
                    yield return new EventBatch(ordinal, events);
                    events = [];
                }
            }
        }

        if (events.Count > 0)
        {
            yield return new EventBatch(ordinal, events);
        }
    }
}
