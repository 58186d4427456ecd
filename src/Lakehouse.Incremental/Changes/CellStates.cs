using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// Which cells of a batch are set (semantics 2.12): not those of columns the batch lacks (a staged one did, when it was staged), those an event does not list, those that hold the flow's marker,
/// and nulls where the flow ignores them. A cell that is not set becomes null, so that equal events are equal rows.
/// </summary>
internal static class CellStates
{
    /// <param name="flow">The flow.</param>
    /// <param name="layout">Where the columns are.</param>
    /// <param name="events">The batch as it was given.</param>
    /// <param name="data">Its data columns in the target's types; those whose cells are not set are replaced.</param>
    /// <returns>Null when every cell is set.</returns>
    public static CellPresence? Of(MergeConfiguration flow, MergeLayout layout, RecordBatch events, IArrowArray[] data)
    {
        CellPresence presence = new(events.Length, data.Length);
        bool any = false;
        Func<int, string, bool>? lists = Listed(flow, layout, events);
        SourceColumns? staged = SourceColumns.Of(events, [.. layout.Rest.Select(c => layout.Data.GetFieldByIndex(c).Name)]);
        foreach (int column in layout.Rest)
        {
            Field field = layout.Data.GetFieldByIndex(column);
            bool absent = events.Schema.PositionOf(field.Name) < 0;

            // No event says that something was rescued: it is so where there is something.
            bool isRescued = flow.SchemaPolicy == SchemaPolicy.Rescue && string.Equals(field.Name, TargetColumns.Rescued, StringComparison.Ordinal);
            bool ignoresNulls = flow.IgnoreNulls is { } ignored && (ignored.Count == 0 || ignored.Contains(field.Name, StringComparer.Ordinal));
            Func<int, bool>? isMarker = absent || flow.UnsetMarker is not { } marker ? null : IsMarker(data[column], marker);
            bool valued = false;
            for (int row = 0; row < events.Length; row++)
            {
                bool isNull = data[column].IsNull(row);
                bool unsaid = isRescued ? isNull : staged?.Has(row, field.Name) == false || (ignoresNulls && isNull) || lists?.Invoke(row, field.Name) == false || isMarker?.Invoke(row) == true;
                if (absent || unsaid)
                {
                    presence.Set(row, column, false);
                    any = true;
                    valued |= !isNull;
                }
            }

            if (valued)
            {
                RowRef[] kept = [.. Enumerable.Range(0, events.Length).Select(row => presence.IsSet(row, column) ? new RowRef(0, row) : RowRef.Null)];
                data[column] = InterleaveKernel.Interleave(field.DataType, [data[column]], kept);
            }
        }

        return any ? presence : null;
    }

    /// <summary>Whether an event lists a column; null when events do not list any.</summary>
    private static Func<int, string, bool>? Listed(MergeConfiguration flow, MergeLayout layout, RecordBatch events)
    {
        if (flow.ColumnsToUpdate is not { } column || events.Schema.PositionOf(column) is not (int at and >= 0))
        {
            return null;
        }

        ListType type = new(new Field("element", StringType.Default, nullable: true));
        ListArray lists = LosslessCast.CanCast(events.Column(at).Data.DataType, type)
            ? (ListArray)LosslessCast.Cast(events.Column(at), type).Array
            : throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': column {column} must be a list of column names.") { Flow = flow.Name };
        StringArray names = (StringArray)lists.Values;
        HashSet<string>?[] sets = new HashSet<string>?[events.Length];
        for (int row = 0; row < sets.Length; row++)
        {
            sets[row] = lists.IsNull(row)
                ? null
                : new HashSet<string>(Enumerable.Range(lists.ValueOffsets[row], lists.GetValueLength(row)).Select(i => names.GetString(i) ?? ""), StringComparer.Ordinal);
            if (sets[row]?.FirstOrDefault(name => layout.Data.PositionOf(name) < 0) is { } unknown)
            {
                throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': an event lists column '{unknown}' in {column}, which the target does not have.") { Flow = flow.Name };
            }
        }

        return (row, name) => sets[row]?.Contains(name) != false;
    }

    private static Func<int, bool>? IsMarker(IArrowArray values, string marker)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(marker);
        return values is BinaryArray texts ? row => !texts.IsNull(row) && texts.GetBytes(row).SequenceEqual(bytes) : null;
    }
}
