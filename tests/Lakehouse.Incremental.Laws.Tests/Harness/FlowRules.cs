using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Column = Lakehouse.Incremental.Laws.Tests.Model.Column;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>The rules of the model in the words of the product.</summary>
internal static class FlowRules
{
    public static MergeFlowBuilder Flow(Layout layout, Wire wire, ScdType scdType)
    {
        MergeFlowBuilder flow = MergeFlow.Named("law").Keys(Names(layout.Keys)).SequenceBy(layout.StructSequence ? [Layout.SequenceStruct] : Names(layout.Sequence)).StoredAs(scdType)
            .AllowGaps().ExceptColumns(EventBatches.Operation).DeleteMode(Enum.Parse<DeleteMode>(layout.Deletes.ToString()));
        bool truncates = layout.Deletes != DeleteRule.Ignore && layout.Groups.Length == 0;
        flow = wire.Codes ? flow.Operations(EventBatches.Operation, Codes(truncates)) : Conditions(flow, truncates);
        flow = layout.NullsFirst.Contains(true) ? flow.NullsFirst([.. layout.Sequence.Where((_, i) => layout.NullsFirst[i]).Select(layout.PathOf)]) : flow;
        flow = layout.DeleteWinsTies ? flow.DeleteWinsTies() : flow;
        flow = layout.ChangesKeys ? flow.PreviousKeys(EventBatches.FormerKeys(layout)) : flow;
        flow = Unset(flow, layout, wire);
        if (scdType == ScdType.Type2)
        {
            flow = Tracking(flow, layout, wire).UntrackedScope(layout.AllVersions ? UntrackedScope.AllVersions : UntrackedScope.CurrentRun);
            return layout.Effective.Length > 0 ? flow.EffectiveAt(Names(layout.Effective)) : flow;
        }

        return layout.Groups.Aggregate(flow, (f, g) => f.SequenceGroup(Values(layout, g.Sequence), Values(layout, g.Columns)));
    }

    /// <summary>A place in the order as a caller names it.</summary>
    public static IReadOnlyList<object?> Place(Layout layout, object?[] order) =>
        layout.StructSequence ? [.. order[..layout.Effective.Length], order[layout.Effective.Length..]] : order;

    public static AggregateFlow Aggregate(Layout layout, GoldLayout gold)
    {
        Column[] columns = layout.Columns;
        AggregateFlowBuilder flow = AggregateFlow.Named("gold").GroupBy([.. gold.GroupBy.Select(c => columns[c].Name)]).Count("rows");
        foreach ((GoldMeasure measure, int column) in gold.Measures)
        {
            string name = columns[column].Name;
            flow = measure switch
            {
                GoldMeasure.Sum => flow.Sum(name),
                GoldMeasure.Min => flow.Min(name),
                _ => flow.Max(name),
            };
        }

        return flow.Build();
    }

    private static OperationCodes Codes(bool truncates) => new()
    {
        Upsert = [EventBatches.CodeOf(EventKind.Upsert)],
        Delete = [EventBatches.CodeOf(EventKind.Delete)],
        SnapshotRead = [EventBatches.CodeOf(EventKind.Read)],
        Truncate = truncates ? [EventBatches.CodeOf(EventKind.Truncate)] : [],
    };

    private static MergeFlowBuilder Conditions(MergeFlowBuilder flow, bool truncates)
    {
        flow = flow.ApplyAsDeleteWhen(change => change[EventBatches.Operation].EqualTo(EventBatches.CodeOf(EventKind.Delete)))
            .ApplyAsSnapshotReadWhen(change => change[EventBatches.Operation].EqualTo(EventBatches.CodeOf(EventKind.Read)));
        return truncates ? flow.ApplyAsTruncateWhen(change => change[EventBatches.Operation].EqualTo(EventBatches.CodeOf(EventKind.Truncate))) : flow;
    }

    private static MergeFlowBuilder Unset(MergeFlowBuilder flow, Layout layout, Wire wire) => wire.Presence switch
    {
        Presence.List => flow.ColumnsToUpdate(EventBatches.Set),
        Presence.Marker => flow.UnsetMarker(EventBatches.Marker),
        Presence.Nulls when layout.IgnoreNulls.Length == layout.Values.Length => flow.IgnoreNullUpdates(),
        Presence.Nulls when layout.IgnoreNulls.Length > 0 => flow.IgnoreNullUpdates(Values(layout, layout.IgnoreNulls)),
        _ => flow,
    };

    /// <summary>A column that the target gets later is not named.</summary>
    private static MergeFlowBuilder Tracking(MergeFlowBuilder flow, Layout layout, Wire wire)
    {
        string[] tracked = [.. layout.Values.Where((_, i) => layout.Tracked[i]).Select(v => v.Name)];
        string[] untracked = [.. layout.Values.Select(v => v.Name).Except(tracked)];
        bool namesTracked = wire.LateValue is { } late ? !layout.Tracked[late] : tracked.Length < untracked.Length;
        return untracked.Length == 0 ? flow : namesTracked ? flow.TrackHistoryOn(tracked) : flow.TrackHistoryExcept(untracked);
    }

    private static string[] Values(Layout layout, int[] values) => [.. values.Select(i => layout.Values[i].Name)];

    private static string[] Names(Column[] columns) => [.. columns.Select(c => c.Name)];
}
