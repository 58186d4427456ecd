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
        HashSet<string> steering = new(
            (flow.DeleteWhen?.Columns ?? []).Concat(flow.TruncateWhen?.Columns ?? []).Concat(flow.SnapshotReadWhen?.Columns ?? []).Concat(flow.Dropped),
            StringComparer.Ordinal);
        return events.FieldsList.Select(static f => f.Name)
            .Where(n => data.PositionOf(n) < 0 && !LineageColumns.IsLineage(n) && !steering.Contains(n) && !string.Equals(n, flow.OperationColumn, StringComparison.Ordinal));
    }
}
