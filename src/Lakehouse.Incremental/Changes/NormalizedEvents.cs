using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Changes;

/// <summary>What normalising makes of events: those that can be merged, and those that go to quarantine; the latter only where the flow has one.</summary>
internal sealed record NormalizedEvents(ChangeBatch Batch, IReadOnlyList<EventOrigin> Origins, IReadOnlyList<RejectedEvents> Rejected)
{
    /// <summary>Events that nobody gave: none of them was refused.</summary>
    public static NormalizedEvents Derived(ChangeBatch batch) => new(batch, [], []);

    /// <summary>Rows of <see cref="Batch"/> that were refused as too late when they were offered before, and stay so.</summary>
    public IReadOnlySet<int> Refused { get; init; } = new HashSet<int>();

    /// <summary>Some of the events as they were given, set apart for one reason.</summary>
    public IReadOnlyList<RejectedEvents> Reject(IEnumerable<int> rows, string code)
    {
        List<RejectedEvents> rejected = [];
        HashSet<int> wanted = [.. rows];
        int first = 0;
        foreach (EventOrigin origin in Origins)
        {
            int[] ofPart = [.. Enumerable.Range(0, origin.Rows.Length).Where(i => wanted.Contains(first + i)).Select(i => origin.Rows[i]).Distinct().Order()];
            if (ofPart.Length > 0)
            {
                rejected.Add(new RejectedEvents(origin.Events, [.. ofPart.Select(row => new Rejection(row, code, ""))]));
            }

            first += origin.Rows.Length;
        }

        return rejected;
    }
}
