using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.TestHost;

/// <summary>
/// What worker w does as its n-th step. It follows from w and n alone, so a test knows what a commit must have done, and a worker that was killed
/// knows where to go on. Ids below <see cref="Shared"/> are everybody's; the others belong to the worker that appends them.
/// </summary>
internal sealed record MixedOperation(int Worker, long Step)
{
    /// <summary>Rows that are there at the beginning, with ids from 0 on.</summary>
    public const long Shared = 400;

    private const int RowsOfAppend = 6;
    private const long IdsOfWorker = 1_000_000;
    private const long IdsOfStep = 10;

    private static readonly FilterColumn Id = Filter.Column("id");

    public MixedKind Kind => (Step % 6) switch
    {
        0 or 2 => MixedKind.Append,
        1 => MixedKind.DeleteShared,
        3 => MixedKind.DeleteOwn,
        4 => MixedKind.DeleteRange,
        _ => MixedKind.Compact,
    };

    /// <summary>The ids it appends or deletes, whether they are there or not.</summary>
    public IReadOnlyList<long> Ids => Kind switch
    {
        MixedKind.Append => [.. Own(Step).Take(RowsOfAppend)],

        // A row of all that is the worker's, and one that others delete, too.
        MixedKind.DeleteShared => [(Worker + (8 * Step)) % Shared, (3 * Step) % Shared],
        MixedKind.DeleteOwn => [.. Own(Step - 1).Take(2), .. Own(Step - 3).Skip(3).Take(2)],
        MixedKind.DeleteRange => [.. Enumerable.Range(0, 9).Select(i => ((Step * 13) % (Shared - 9)) + i)],
        _ => [],
    };

    /// <summary>The condition of a delete.</summary>
    public Filter Filter => Kind == MixedKind.DeleteRange
        ? Id.GreaterThanOrEqualTo(Ids[0]) & Id.LessThan(Ids[^1] + 1)
        : Id.In([.. Ids.Cast<object?>()]);

    private IEnumerable<long> Own(long step) =>
        Enumerable.Range(0, (int)IdsOfStep).Select(i => (IdsOfWorker * (Worker + 1)) + (IdsOfStep * step) + i);
}
