using Apache.Arrow;
using Lakehouse.Incremental.Quarantine;

namespace Lakehouse.Incremental.Changes;

/// <summary>What normalising makes of events: those that can be merged, and those that go to quarantine; the latter only where the flow has one.</summary>
internal sealed record NormalizedEvents(ChangeBatch Batch, IReadOnlyList<EventOrigin> Origins, IReadOnlyList<RejectedEvents> Rejected)
{
    /// <summary>Events that nobody gave: none of them was refused.</summary>
    public static NormalizedEvents Derived(ChangeBatch batch) => new(batch, [], []);

    /// <summary>Rows of <see cref="Batch"/> that are too late whatever is known of their key.</summary>
    public IReadOnlySet<int> Refused { get; init; } = new HashSet<int>();

    /// <summary>Rows of <see cref="Batch"/> that are only a part of an event: what changes of keys were taken apart into.</summary>
    public IEnumerable<int> Parts()
    {
        int first = 0;
        List<(RecordBatch Events, int Row, int Index)> all = [];
        foreach (EventOrigin origin in Origins)
        {
            all.AddRange(origin.Rows.Select((row, i) => (origin.Events, row, first + i)));
            first += origin.Rows.Length;
        }

        return all.GroupBy(static part => (part.Events, part.Row)).Where(static group => group.Count() > 1).SelectMany(static group => group.Select(static part => part.Index));
    }

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
