using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Quarantine;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// Takes a change of keys apart (semantics 2.32): the former key is deleted at the event's place in the order, the new one upserted there. Where
/// the event does not tell the new row whole, a history takes the rest from what the former key showed just before; type 1 does not know that any more.
/// </summary>
internal static class KeyChanges
{
    /// <summary>
    /// The former keys in the target's types; null where the flow knows none or the batch lacks the columns. A null part did not change, unless keys may be null: then it
    /// is a part of a former key that has another one.
    /// </summary>
    public static IArrowArray[]? Former(MergeConfiguration flow, MergeLayout layout, RecordBatch events, RecordBatch data, InvalidEvents invalid)
    {
        if (flow.PreviousKeys.Count == 0 || flow.PreviousKeys.Any(name => events.Schema.PositionOf(name) < 0))
        {
            return null;
        }

        return [.. flow.PreviousKeys.Select((name, i) =>
        {
            Field key = layout.Data.GetFieldByIndex(layout.Keys[i]);
            IArrowArray given = events.Column(events.Schema.PositionOf(name));
            if (!LosslessCast.CanCast(given.Data.DataType, key.DataType))
            {
                throw new LakehouseException(
                    ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': column {name} of the events is {given.Data.DataType.Name}, which does not convert to {key.DataType.Name}.")
                {
                    Flow = flow.Name,
                };
            }

            CastResult cast = LosslessCast.Cast(given, key.DataType);
            invalid.AddLossy(cast.Failed, name);
            RowRef[] told = [.. Enumerable.Range(0, data.Length).Select(row => new RowRef(cast.Array.IsNull(row) && !flow.NullSafeKeys ? 1 : 0, row))];
            return InterleaveKernel.Interleave(key.DataType, [cast.Array, data.Column(layout.Keys[i])], told);
        })];
    }

    /// <summary>The rows whose key was another before; for type 1 those that do not tell the new row whole are added to those that are invalid.</summary>
    public static int[] Rows(MergeConfiguration flow, MergeLayout layout, RecordBatch data, IArrowArray[] former, EventKind[] kinds, CellPresence? presence, InvalidEvents invalid)
    {
        RecordBatch before = WithKeys(layout, data, former);
        EncodedRows formerKeys = Index.SequenceEncoding.Encode(before, layout.Keys);
        EncodedRows keys = Index.SequenceEncoding.Encode(data, layout.Keys);
        int[] changed = [.. Enumerable.Range(0, data.Length).Where(row =>
            kinds[row] is EventKind.Upsert or EventKind.SnapshotRead
            && System.Array.Exists(former, key => !key.IsNull(row))
            && !formerKeys[row].SequenceEqual(keys[row]))];
        foreach (int row in changed.Where(row => !layout.KeepsLinks && !IsWhole(row)))
        {
            invalid.Add(row, ErrorCodes.IncompleteKeyChange, layout.Data.GetFieldByIndex(layout.Keys[0]).Name);
        }

        return changed;

        // Where nothing was rescued there is nothing to tell.
        bool IsWhole(int row) => presence is null || layout.Rest.All(column => presence.IsSet(row, column)
            || (flow.SchemaPolicy == SchemaPolicy.Rescue && string.Equals(layout.Data.GetFieldByIndex(column).Name, TargetColumns.Rescued, StringComparison.Ordinal)));
    }

    /// <summary>The former keys of rows; null when there are none. Also of rows that tell all columns, since the table may get more of them.</summary>
    public static KeyLinks? Links(MergeLayout layout, IArrowArray[]? former, int[] changed, int rows)
    {
        if (!layout.KeepsLinks || former is null || changed.Length == 0)
        {
            return null;
        }

        RowRef[] linked = new RowRef[rows];
        System.Array.Fill(linked, RowRef.Null);
        foreach (int row in changed)
        {
            linked[row] = new RowRef(0, row);
        }

        return new KeyLinks(InterleaveKernel.Interleave(layout.KeySchema, [new RecordBatch(layout.KeySchema, former, rows)], linked));
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
