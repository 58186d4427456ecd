using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>
/// Rows that were moved in their order: the live rows of the sources, one source after the other, are the rows of the targets, one target after the
/// other. So it is known where a row went without looking at it.
/// </summary>
internal sealed record RowMove(IReadOnlyList<MovedFile> Sources, IReadOnlyList<AddFile> Targets)
{
    /// <summary>
    /// The moves of a rewrite that keeps the order of rows within each partition. Partitions whose row counts do not add up are left out: nothing is
    /// known of them.
    /// </summary>
    /// <param name="sources">In the order in which they were read.</param>
    /// <param name="targets">In the order in which they were written; without deletion vectors.</param>
    public static IReadOnlyList<RowMove> Pair(IReadOnlyList<MovedFile> sources, IReadOnlyList<AddFile> targets)
    {
        ILookup<string, AddFile> written = targets.ToLookup(static target => target.PartitionKey, StringComparer.Ordinal);
        return
        [
            .. sources.GroupBy(static source => source.File.PartitionKey, StringComparer.Ordinal)
                .Select(group => new RowMove([.. group], [.. written[group.Key]]))
                .Where(static move => move.AddsUp),
        ];
    }

    private bool AddsUp
    {
        get
        {
            long? moved = Sources.Aggregate((long?)0, static (sum, source) => sum + source.Rows);
            return moved is not null && moved == Targets.Aggregate((long?)0, static (sum, target) => sum + RowCounts.Of(target));
        }
    }

    /// <summary>Where rows of the sources are in the targets.</summary>
    /// <param name="rows">Rows of the sources that were live when they were moved, by <see cref="LogicalFile.PathKey"/>.</param>
    /// <returns>Positions in each target, in the order of <see cref="Targets"/>.</returns>
    public IReadOnlyList<DeletionVector> Locate(IReadOnlyDictionary<string, DeletionVector> rows)
    {
        List<long>[] places = [.. Targets.Select(static _ => new List<long>())];
        long start = 0;
        int target = 0;
        long targetStart = 0;
        foreach (MovedFile source in Sources)
        {
            if (rows.TryGetValue(source.PathKey, out DeletionVector? wanted))
            {
                foreach (long ordinal in source.Ordinals(wanted))
                {
                    while (start + ordinal >= targetStart + RowCounts.Of(Targets[target])!.Value)
                    {
                        targetStart += RowCounts.Of(Targets[target])!.Value;
                        target++;
                    }

                    places[target].Add(start + ordinal - targetStart);
                }
            }

            start += source.Rows!.Value;
        }

        return [.. places.Select(static rows => DeletionVector.Of(rows))];
    }
}
