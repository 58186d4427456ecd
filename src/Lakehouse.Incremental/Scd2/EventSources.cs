using Lakehouse.Incremental.Changes;

namespace Lakehouse.Incremental.Scd2;

/// <summary>The three lists that events of a timeline come from, and the comparisons over them.</summary>
internal sealed class EventSources(ChangeBatch batch, ChangeBatch visible, ChangeBatch hidden, UInt128[][] trackedDigests) : IComparer<TimelineEvent>
{
    private readonly ChangeBatch[] _lists = [batch, visible, hidden];

    public ReadOnlySpan<byte> Sequence(TimelineEvent e) => _lists[e.Source].Sequences[e.Row];

    public bool IsDelete(TimelineEvent e) => _lists[e.Source].IsDelete[e.Row];

    public UInt128 Digest(TimelineEvent e) => _lists[e.Source].Digests[e.Row];

    /// <summary>Canonical digest over the tracked columns.</summary>
    public UInt128 Tracked(TimelineEvent e) => trackedDigests[e.Source][e.Row];

    /// <summary>Rule ORDER across the lists; of equal events the one that is stored comes first.</summary>
    public int Compare(TimelineEvent x, TimelineEvent y)
    {
        int order = CompareOrder(x, y);
        return order != 0 ? order : y.Source.CompareTo(x.Source);
    }

    public int CompareOrder(TimelineEvent x, TimelineEvent y)
    {
        int order = Sequence(x).SequenceCompareTo(Sequence(y));
        return order != 0 ? order : ChangeBatch.CompareAtOneSequence(IsDelete(x), Digest(x), IsDelete(y), Digest(y));
    }
}
