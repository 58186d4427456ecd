using Apache.Arrow;
using Apache.Arrow.Memory;
using GitHistory.Git;

namespace GitHistory.Events;

/// <summary>Turns events into an Arrow record batch.</summary>
internal static class EventBatchWriter
{
    /// <summary>The batch as columns.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="sizes">Must have looked up every blob of the batch.</param>
    public static RecordBatch ToArrow(EventBatch batch, BlobSizes sizes)
    {
        StringArray.Builder path = new(), directory = new(), mode = new(), blob = new(), author = new(), commitId = new(), operation = new();
        Int64Array.Builder size = new(), sequence = new();
        Int64Array.Builder microseconds = new();
        foreach (FileEvent item in batch.Events)
        {
            GitChange change = item.Change;
            path.Append(change.Path.Text);
            directory.Append(change.Path.Directory);
            mode.Append(change.Mode);
            blob.Append(change.BlobId);
            size.Append(sizes[change.Mode, change.BlobId]);
            author.Append(change.Commit.Author);
            microseconds.Append(checked(change.Commit.Time * 1_000_000));
            commitId.Append(change.Commit.Id);
            sequence.Append(change.Commit.Sequence);
            operation.Append(change.IsDelete ? EventColumns.Delete : EventColumns.Upsert);
        }

        MemoryAllocator memory = MemoryAllocator.Default.Value;
        Int64Array times = microseconds.Build(memory);
        TimestampArray commitTime = new(EventColumns.TimeType, times.ValueBuffer, ArrowBuffer.Empty, times.Length, 0, 0);
        return new RecordBatch(
            EventColumns.Schema,
            [
                path.Build(memory), directory.Build(memory), mode.Build(memory), blob.Build(memory), size.Build(memory), author.Build(memory),
                commitTime, commitId.Build(memory), sequence.Build(memory), operation.Build(memory),
            ],
            batch.Events.Count);
    }
}
