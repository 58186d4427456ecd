using Apache.Arrow;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>Which columns of events are for the target.</summary>
internal static class EventColumns
{
    /// <summary>Columns that are neither in the target nor only there to steer the flow.</summary>
    public static IEnumerable<string> Unknown(MergeConfiguration flow, Schema data, Schema events)
    {
        HashSet<string> steering = new(OfOperation(flow).Concat(flow.Dropped), StringComparer.Ordinal);
        return events.FieldsList.Select(static f => f.Name).Where(n => data.PositionOf(n) < 0 && !LineageColumns.IsLineage(n) && !steering.Contains(n));
    }

    /// <summary>Columns that say what an event does, to which key and cells: without them nobody knows, and a misspelt one would be missed by nobody.</summary>
    public static IEnumerable<string> OfOperation(MergeConfiguration flow)
    {
        string[] code = flow.OperationColumn is { } column ? [column] : [];
        return new[] { flow.DeleteWhen, flow.TruncateWhen, flow.SnapshotReadWhen }.SelectMany(static f => f?.Columns ?? []).Concat(code)
            .Concat(flow.PreviousKeys).Concat(flow.ColumnsToUpdate is { } columns ? [columns] : []).Distinct(StringComparer.Ordinal);
    }
}
