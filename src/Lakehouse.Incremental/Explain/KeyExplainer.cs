using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Explain;

/// <summary>Makes one explanation: reads the events of the key and what the target holds of it, builds the timeline as a merge does, and tells what became of everything.</summary>
internal sealed class KeyExplainer(MergeFlow flow, MergeTarget session, StagingTable staging)
{
    private readonly MergeConfiguration _rules = flow.Configuration;
    private readonly List<string> _notes = [];

    public async Task<KeyExplanation> ExplainAsync(IReadOnlyList<object?> key, CancellationToken cancellationToken)
    {
        Snapshot snapshot = await session.Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        await session.SyncAsync(snapshot, cancellationToken, adopts: true).ConfigureAwait(false);
        Snapshot source = await staging.Table.RefreshAsync(cancellationToken).ConfigureAwait(false);
        long merged = snapshot.TransactionVersion(flow.AppId(source.TableId)) ?? -1;
        WantedKeys keys = WantedKeys.Of(_rules, session.Layout, key);
        AppliedBatches applied = await AppliedBatches.ReadAsync(session.Table, snapshot.Version, flow.Name, cancellationToken).ConfigureAwait(false);
        (StagedEvents staged, KnownRows known) = await ReadAsync(source, merged, keys, KeyFilter.Of(_rules, source.Schema, key), cancellationToken).ConfigureAwait(false);
        staged = await StagedPlaces.LocateAsync(staged, staging.Table, merged, cancellationToken).ConfigureAwait(false);

        bool hasOthers = applied.HasOthers(source.TableId);
        KeyTimeline timeline = KeyTimeline.Build(session, keys, staged, known, (list, row) => hasOthers || IsAdopted(list, row));
        timeline.Number(staged.Refused.Count);
        AppliedBatch? AppliedBy(KeyEvent e) => e.Origin is { IsPending: false, Place.Version: { } version } ? applied.Of(source.TableId, version) : null;
        AddNotes(source, merged, applied, hasOthers, staged);
        return new KeyExplanation
        {
            Flow = flow.Name,
            Table = session.Table.Storage.Name,
            Key = keys.Text,
            TargetVersion = snapshot.Version,
            MergedVersion = merged,
            Events = Describe(timeline, staged.Refused, keys.Text, AppliedBy),
            Rows = new RowStories(timeline, known, AppliedBy).Of(known.RowsOf(keys.Own)),
            Notes = _notes,
        };
    }

    /// <summary>Reads the key, and where keys change those it was before, as long as new ones turn up.</summary>
    private async Task<(StagedEvents Staged, KnownRows Known)> ReadAsync(Snapshot source, long merged, WantedKeys keys, KeyFilter filter, CancellationToken cancellationToken)
    {
        bool mayBeTooLate = session.Horizon is not null || session.Clocks.Baseline is not null;
        Func<RecordBatch, bool[]>? tooLate = mayBeTooLate && _rules.Quarantine is { } quarantine
            ? await quarantine.TooLateAsync(flow.Name, session.Snapshot.TableId, cancellationToken).ConfigureAwait(false)
            : null;
        while (true)
        {
            KeyFilter ofKeys = keys.Count == 1 ? filter : filter with { Wanted = null };
            StagedEvents staged = await new StagedEventScan(session, staging.Table, keys, ofKeys, tooLate).ReadAsync(source, merged, cancellationToken).ConfigureAwait(false);
            KnownRows known = await KnownRows.ReadAsync(session, keys, cancellationToken).ConfigureAwait(false);
            if (!session.Layout.KeepsLinks || !(keys.AddFormer(staged.Batch) | keys.AddFormer(known.Stored)))
            {
                return (staged, known);
            }
        }
    }

    /// <summary>The rows a table was adopted with, and what adoption made of them, come from no event.</summary>
    private bool IsAdopted(ChangeBatch list, int row) => session.Clocks.Baseline is { } baseline && list.Orders[row].SequenceCompareTo(baseline.Span) <= 0;

    private List<ExplainedEvent> Describe(KeyTimeline timeline, IReadOnlyList<RefusedEvent> refused, string key, Func<KeyEvent, AppliedBatch?> appliedBy)
    {
        EventFates fates = new(timeline);
        List<ExplainedEvent> events = [.. timeline.Events.Select(e => Describe(e, fates.Of(e), appliedBy(e), key))];
        events.AddRange(refused.Select((r, i) => new ExplainedEvent
        {
            Number = timeline.Events.Count + i + 1,
            Key = key,
            Order = r.Order,
            Kind = null,
            Knowledge = EventKnowledge.Staged,
            Staged = r.Origin.Place,
            Status = r.Origin.IsPending ? EventStatus.Pending : EventStatus.Refused,
            Rule = ExplainRules.Refused(r.Code, r.Column),
        }));
        events.AddRange(timeline.Former.Select(e =>
            Describe(e, new EventFate(EventStatus.Shown, null, ExplainRules.FormerKey), appliedBy(e), KeyText.Of(e.List.Rows, session.Layout.Keys, e.Row))));
        return events;
    }

    private ExplainedEvent Describe(KeyEvent e, EventFate fate, AppliedBatch? batch, string key) => new()
    {
        Number = e.Number,
        Key = key,
        Order = KeyText.Of(e.List.Rows, session.Layout.Order, e.Row),
        Kind = KindOf(e.List.Kinds[e.Row]),
        Knowledge = e.Knowledge,
        Staged = e.Origin?.Place,
        Cells = e.List.IsDelete(e.Row)
            ? []
            : [.. session.Layout.Rest.Where(p => e.List.Sets(e.Row, p)).Select(p => new SetCell(session.Layout.Data.GetFieldByIndex(p).Name, CellText.Format(e.List.Rows.Column(p), e.Row)))],
        Status = fate.Status,
        By = fate.By?.Number,
        Rule = fate.Rule,
        AppliedVersion = batch?.Version,
        AppliedBatch = batch?.Name,
    };

    private static ChangeKind KindOf(EventKind kind) => kind switch
    {
        EventKind.SnapshotRead => ChangeKind.SnapshotRead,
        EventKind.Delete => ChangeKind.Delete,
        EventKind.Truncate => ChangeKind.Truncate,
        _ => ChangeKind.Upsert,
    };

    private void AddNotes(Snapshot source, long merged, AppliedBatches applied, bool hasOthers, StagedEvents staged)
    {
        if (merged < 0)
        {
            _notes.Add("nothing of this staging table has been merged");
        }

        AddClock(EventKind.Horizon, "the horizon stands at {0}: what comes before it from now on may be too late (2.4)");
        AddClock(EventKind.Baseline, "the table was adopted with the baseline {0}: its rows stand for all events up to there (2.43b)");
        if (hasOthers)
        {
            _notes.Add("batches from elsewhere than this staging table were merged: of their events is known what rows and state tell");
        }

        if (applied.Oldest > 0)
        {
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"the target's log begins with version {applied.Oldest}: what was merged before has no version here"));
        }

        if (staged.Origins.Any(static o => o.Place.Version is null))
        {
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"the log of the staging table (version {source.Version}) does not tell any more which versions staged some events"));
        }

        if (staged.Unreadable is { } why)
        {
            _notes.Add("events that are not merged yet cannot be read: " + why);
        }
    }

    private void AddClock(EventKind kind, string note)
    {
        TableClocks clocks = session.Clocks;
        if (clocks.Rows(kind) is [.., var row])
        {
            _notes.Add(string.Format(CultureInfo.InvariantCulture, note, KeyText.Of(clocks.Events.Rows, session.Layout.Order, row)));
        }
    }
}
