using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Scd2;

/// <summary>The rows that changed keys take their values from: what the former key showed just before the change (semantics 2.32).</summary>
internal sealed class FormerRows
{
    private readonly EventSources _sources;
    private readonly MergeConfiguration _flow;
    private readonly Dictionary<UInt128, int> _keys = [];
    private readonly List<TimelineEvent[]> _events = [];

    public FormerRows(ChangeBatch batch, FoldedChanges folded, EventSources sources, MergeConfiguration flow)
    {
        (_sources, _flow) = (sources, flow);
        for (int key = 0; key < folded.Count; key++)
        {
            _keys.Add(batch.KeyHashes[folded.Events(key)[0]], key);
        }
    }

    /// <summary>All events of the next key.</summary>
    public void Add(IReadOnlyList<TimelineEvent> events) => _events.Add([.. events]);

    /// <summary>The events of a key.</summary>
    public List<TimelineEvent> Events(int key) => [.. _events[key]];

    /// <summary>What the former key of an event showed just before it; null for an event without one, and where it showed nothing.</summary>
    public TimelineRow? Before(TimelineEvent e)
    {
        if (!_sources.ChangesKey(e) || !_keys.TryGetValue(_sources.Lists[e.Source].Links!.Hashes[e.Row], out int former))
        {
            return null;
        }

        byte[] position = _sources.Position(e).ToArray();
        List<TimelineEvent> before = [.. _events[former].Where(f => _sources.Position(f).SequenceCompareTo(position) < 0)];

        // Positions decrease from one change of keys to the one before, so this ends.
        Timeline timeline = new(_sources, _flow, Before);
        timeline.Build(before);
        return timeline.Runs is [.., { End: null, IsMarked: false } open] ? open.Row : null;
    }
}
