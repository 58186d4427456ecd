using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// Takes a change of keys apart (semantics 2.32): the former key is deleted at the event's place in the order, the new one upserted there. The new row must
/// be told whole: what the former one held when the event is applied may not be what it held at the event's time.
/// </summary>
internal static class KeyChanges
{
    /// <summary>The former keys in the target's types; null where the flow knows none or the batch lacks the columns.</summary>
    public static IArrowArray[]? Former(MergeConfiguration flow, MergeLayout layout, RecordBatch events)
    {
        if (flow.PreviousKeys.Count == 0 || flow.PreviousKeys.Any(name => events.Schema.PositionOf(name) < 0))
        {
            return null;
        }

        return [.. flow.PreviousKeys.Select((name, i) =>
        {
            Field key = layout.Data.GetFieldByIndex(layout.Keys[i]);
            IArrowArray given = events.Column(events.Schema.PositionOf(name));
            return LosslessCast.CanCast(given.Data.DataType, key.DataType)
                ? LosslessCast.Cast(given, key.DataType).Array
                : throw new LakehouseException(
                    ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': column {name} of the events is {given.Data.DataType.Name}, which does not convert to {key.DataType.Name}.")
                {
                    Flow = flow.Name,
                };
        })];
    }

    /// <summary>The rows whose key was another before; those that do not tell the new row whole are added to those that are invalid.</summary>
    public static int[] Rows(MergeLayout layout, RecordBatch data, IArrowArray[] former, EventKind[] kinds, CellPresence? presence, InvalidEvents invalid)
    {
        RecordBatch before = WithKeys(layout, data, former);
        EncodedRows formerKeys = Index.SequenceEncoding.Encode(before, layout.Keys);
        EncodedRows keys = Index.SequenceEncoding.Encode(data, layout.Keys);
        int[] changed = [.. Enumerable.Range(0, data.Length).Where(row =>
            kinds[row] is EventKind.Upsert or EventKind.SnapshotRead
            && System.Array.TrueForAll(former, key => !key.IsNull(row))
            && !formerKeys[row].SequenceEqual(keys[row]))];
        foreach (int row in changed.Where(row => presence?.IsWhole(row) == false))
        {
            invalid.Add(row, ErrorCodes.IncompleteKeyChange, layout.Data.GetFieldByIndex(layout.Keys[0]).Name);
        }

        return changed;
    }

    /// <summary>Rows with the former keys in place of the new ones.</summary>
    public static RecordBatch WithKeys(MergeLayout layout, RecordBatch data, IArrowArray[] former)
    {
        IArrowArray[] columns = [.. data.Arrays];
        for (int i = 0; i < former.Length; i++)
        {
            columns[layout.Keys[i]] = former[i];
        }

        return new RecordBatch(layout.Data, columns, data.Length);
    }
}
