using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Scd2;

/// <summary>SCD type 2: rebuilds the timeline of each touched key from its first new event on, and takes the difference to what the table shows.</summary>
internal sealed class Scd2Resolver : IMergeResolver
{
    public async Task<MergePlan> ResolveAsync(
        MergeTarget target, ChangeBatch batch, FoldedChanges folded, ResolveMode mode, CancellationToken cancellationToken)
    {
        HistoryWindow window = HistoryWindow.Find(target, batch, folded, mode);
        List<RowLocation> wanted = [.. window.Rows.SelectMany(r => r)];
        ExistingRows existing = await ExistingRows.ReadAsync(target.Table, target.Snapshot, target.Index, wanted, cancellationToken).ConfigureAwait(false);
        StateRecord[] records = [.. window.Hidden.SelectMany(r => r)];
        MergeLayout layout = target.Layout;
        ChangeBatch visible = new(layout.ToData(existing.Rows), new bool[existing.Rows.Length], layout.Keys, layout.Sequence);
        ChangeBatch hidden = HistoryWindow.ToEvents(target, records);
        UInt128[][] tracked = [Tracked(batch), Tracked(visible), Tracked(hidden)];
        EventSources sources = new(batch, visible, hidden, tracked);
        HistoryChanges changes = new(target, [batch, visible, hidden], existing, sources, records) { Counts = { RowsIn = batch.Count, Duplicates = folded.Duplicates } };

        int nextHidden = 0;
        List<TimelineEvent> events = [];
        for (int key = 0; key < folded.Count; key++)
        {
            int[] shown = [.. window.Rows[key].Select(existing.IndexOf).Where(row => visible.Keys[row].SequenceEqual(batch.Keys[folded.Events(key)[0]]))];
            int hiddenStart = nextHidden;
            nextHidden += window.Hidden[key].Length;
            events.Clear();
            if (mode == ResolveMode.Merge)
            {
                events.AddRange(shown.Select(row => new TimelineEvent(TimelineEvent.Visible, row)));
                events.AddRange(Enumerable.Range(hiddenStart, window.Hidden[key].Length).Select(row => new TimelineEvent(TimelineEvent.Hidden, row)));
            }

            foreach (int e in folded.Events(key))
            {
                if (batch.IsPhantom?[e] == true)
                {
                    changes.Counts.Applied++;
                }
                else
                {
                    events.Add(new TimelineEvent(TimelineEvent.Batch, e));
                }
            }

            changes.Add(Timeline.Of(events, sources), shown, hiddenStart, nextHidden);
        }

        return changes.ToPlan();

        UInt128[] Tracked(ChangeBatch list) => RowDigest.Compute(list.Rows, layout.Tracked, DigestDomain.Event);
    }
}
