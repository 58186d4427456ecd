using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>What each event of a batch does, by the flow's conditions or its operation column.</summary>
internal static class EventKinds
{
    /// <summary>The kinds; events with an unknown code are added to those that are invalid.</summary>
    public static EventKind[] Of(MergeConfiguration flow, RecordBatch batch, InvalidEvents invalid)
    {
        EventKind[] kinds = new EventKind[batch.Length];
        System.Array.Fill(kinds, EventKind.Upsert);
        if (flow.OperationColumn is { } column)
        {
            IArrowArray codes = batch.Column(batch.Schema.PositionOf(column));
            if (!LosslessCast.CanCast(codes.Data.DataType, StringType.Default))
            {
                throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': operation column {column} of the events is {codes.Data.DataType.Name}, but must be a text.") { Flow = flow.Name };
            }

            ByCode(flow, (StringArray)LosslessCast.Cast(codes, StringType.Default).Array, kinds, invalid, column);
            return kinds;
        }

        // Of several conditions that hold the one that does more counts.
        Mark(flow.SnapshotReadWhen, EventKind.SnapshotRead);
        Mark(flow.DeleteWhen, EventKind.Delete);
        Mark(flow.TruncateWhen, EventKind.Truncate);
        return kinds;

        void Mark(Filter? condition, EventKind kind)
        {
            bool[] holds = condition is null ? [] : FilterEvaluator.Evaluate(condition, batch);
            for (int row = 0; row < holds.Length; row++)
            {
                kinds[row] = holds[row] ? kind : kinds[row];
            }
        }
    }

    private static void ByCode(MergeConfiguration flow, StringArray codes, EventKind[] kinds, InvalidEvents invalid, string column)
    {
        Dictionary<string, EventKind> meaning = new(StringComparer.Ordinal);
        Add(flow.Operations.Upsert, EventKind.Upsert);
        Add(flow.Operations.Delete, EventKind.Delete);
        Add(flow.Operations.SnapshotRead, EventKind.SnapshotRead);
        Add(flow.Operations.Truncate, EventKind.Truncate);
        for (int row = 0; row < kinds.Length; row++)
        {
            if (codes.GetString(row) is { } code && meaning.TryGetValue(code, out EventKind kind))
            {
                kinds[row] = kind;
            }
            else
            {
                invalid.Add(row, ErrorCodes.UnknownOperation, column);
            }
        }

        void Add(IReadOnlyList<string> list, EventKind kind)
        {
            foreach (string code in list)
            {
                meaning.Add(code, kind);
            }
        }
    }
}
