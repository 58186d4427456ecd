using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// Turns rows to be deleted into actions (protocol notes, sections 9 and 15): the file with a greater deletion vector, or without the file when none
/// of its rows is left.
/// </summary>
internal static class RowDeletion
{
    /// <param name="store">Where old vectors are read and new ones written.</param>
    /// <param name="rows">Live files and the positions to delete in them; positions that are deleted already do no harm.</param>
    /// <param name="timestampMs">Deletion time, in milliseconds since the Unix epoch.</param>
    /// <param name="cancellationToken">Cancels reading and writing.</param>
    /// <exception cref="CorruptTableException">A file has no row count, or fewer rows than a position says.</exception>
    public static async Task<RowDeletionResult> PrepareAsync(
        DeletionVectorStore store,
        IReadOnlyList<(AddFile File, DeletionVector Rows)> rows,
        long timestampMs,
        CancellationToken cancellationToken)
    {
        List<DeltaAction> actions = [];
        List<(AddFile File, DeletionVector Deleted)> marked = [];
        long deletedRows = 0;
        foreach ((AddFile file, DeletionVector positions) in rows)
        {
            DeletionVector former = await store.LoadAsync(file.DeletionVector, cancellationToken).ConfigureAwait(false);
            DeletionVector deleted = former.Union(positions);
            if (deleted.Cardinality == former.Cardinality)
            {
                continue;
            }

            long physical = PhysicalRows(file);
            if (deleted.LastRow >= physical)
            {
                throw new CorruptTableException(
                    ErrorCodes.CorruptFile,
                    FormattableString.Invariant($"Row {deleted.LastRow} of '{file.Path}' is to be deleted, but the file has {physical} rows."));
            }

            deletedRows += deleted.Cardinality - former.Cardinality;
            actions.Add(RemoveFile.Of(file, timestampMs, dataChange: true));
            if (deleted.Cardinality < physical)
            {
                marked.Add((file, deleted));
            }
        }

        IReadOnlyList<DeletionVectorDescriptor> descriptors =
            await store.WriteAsync([.. marked.Select(static pair => pair.Deleted)], cancellationToken).ConfigureAwait(false);
        actions.AddRange(marked.Select((pair, i) => WithVector(pair.File, descriptors[i])));
        string[] written = [.. descriptors.Select(DeletionVectorStore.PathOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        return new RowDeletionResult(actions, written, deletedRows);
    }

    private static AddFile WithVector(AddFile file, DeletionVectorDescriptor descriptor) => file with
    {
        DeletionVector = descriptor,
        DataChange = true,
        Stats = StatisticsJson.WithWideBounds(file.Stats, PhysicalRows(file)),
    };

    private static long PhysicalRows(AddFile file) => RowCounts.Of(file with { DeletionVector = null })
        ?? throw new CorruptTableException(
            ErrorCodes.CorruptFile, $"The statistics of '{file.Path}' hold no row count: rows of it cannot be marked as deleted.");
}
