using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Changes;

/// <summary>Events in the form the engine works on: the target's data columns, and beside each row what it does, which cells it sets, its key and its place in ORDER.</summary>
internal sealed class ChangeBatch
{
    private readonly MergeLayout _layout;
    private UInt128[]? _digests;

    /// <param name="layout">Where the columns are.</param>
    /// <param name="rows">In the layout's data schema.</param>
    /// <param name="kinds">What each row does.</param>
    /// <param name="presence">Which cells are set; null when all are.</param>
    /// <param name="links">The other keys of events that change a key; null when there are none.</param>
    /// <param name="orders">The place of each row in the order, where the columns do not tell it; null: they do.</param>
    public ChangeBatch(MergeLayout layout, RecordBatch rows, EventKind[] kinds, CellPresence? presence = null, KeyLinks? links = null, EncodedRows? orders = null)
    {
        _layout = layout;
        Rows = rows;
        Kinds = kinds;
        Presence = presence;
        Links = links;
        Keys = SequenceEncoding.Encode(rows, layout.Keys);
        Orders = orders ?? SequenceEncoding.Encode(rows, layout.Order);
        Positions = layout.Position.Length == layout.Order.Length ? Orders : SequenceEncoding.Encode(rows, layout.Position);
        KeyHashes = KeyHash.Of(Keys);
    }

    public RecordBatch Rows { get; }

    public EventKind[] Kinds { get; }

    /// <summary>Which cells are set, by the positions of the columns; null when all rows are whole.</summary>
    public CellPresence? Presence { get; }

    /// <summary>The other keys of events that change a key; null when there are none.</summary>
    public KeyLinks? Links { get; }

    /// <summary>Canonical keys: byte order is the order of output.</summary>
    public EncodedRows Keys { get; }

    /// <summary>The columns that order the events of a key.</summary>
    public EncodedRows Orders { get; }

    /// <summary>The columns that say from when on a row holds: the first of those that order.</summary>
    public EncodedRows Positions { get; }

    public UInt128[] KeyHashes { get; }

    /// <summary>Digests of the cells that the events set; computed when first asked for, as most batches have neither ties nor repetitions.</summary>
    public UInt128[] Digests => _digests ??= EventDigest.Compute(Rows, Presence);

    public int Count => Rows.Length;

    public bool IsDelete(int row) => Kinds[row] is EventKind.Delete or EventKind.Truncate;

    /// <summary>True when the event sets every cell.</summary>
    public bool IsWhole(int row) => Presence is null || Presence.IsWhole(row);

    /// <summary>True when the event sets a cell.</summary>
    public bool Sets(int row, int column) => Presence is null || Presence.IsSet(row, column);

    /// <summary>True when the row, stored without saying which cells it sets, reads as the same event (see <see cref="EventRecords.ReadRows"/>).</summary>
    public bool ReadsAsRow(int row)
    {
        foreach (int column in _layout.Rest)
        {
            if (Sets(row, column) == (_layout.IsAdded[column] && Rows.Column(column).IsNull(row)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells an event apart from the others of its key, order and kind: by what it sets, and the key it comes from.</summary>
    public UInt128 Identity(int row) => Kinds[row] == EventKind.Move ? Links!.Hashes[row] : Digests[row] ^ Former(row);

    /// <summary>Rule ORDER (semantics 2.0) for events of one key: sequence, then rank, then the digest. Deletes at one sequence are one event.</summary>
    public int CompareOrder(int row, ChangeBatch other, int otherRow)
    {
        int order = Orders[row].SequenceCompareTo(other.Orders[otherRow]);
        return order != 0 ? order : CompareIdentity(row, other, otherRow);
    }

    /// <summary>ORDER of events at one sequence.</summary>
    public int CompareIdentity(int row, ChangeBatch other, int otherRow)
    {
        int order = Rank(row).CompareTo(other.Rank(otherRow));
        if (order != 0 || IsDelete(row))
        {
            return order;
        }

        // Only where events set the same cells to the same values does it matter which key they come from: so a type 1 table decides as a history does.
        int digest = Digests[row].CompareTo(other.Digests[otherRow]);
        return digest != 0 ? digest : Former(row).CompareTo(other.Former(otherRow));
    }

    private UInt128 Former(int row) => Links?.Has(row) == true ? Links.Hashes[row] : UInt128.Zero;

    /// <summary>The events that satisfy a condition.</summary>
    public ChangeBatch Where(Func<int, bool> condition)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(condition)];
        return rows.Length == Count ? this : new ChangeBatch(_layout, TakeKernel.Take(Rows, rows), [.. rows.Select(row => Kinds[row])], Presence?.Take(rows), Links?.Take(rows));
    }

    /// <summary>Several lists of events for one layout put together.</summary>
    public static ChangeBatch Concat(MergeLayout layout, IReadOnlyList<ChangeBatch> parts) => new(
        layout,
        ConcatKernel.Concat(layout.Data, [.. parts.Select(static part => part.Rows)]),
        [.. parts.SelectMany(static part => part.Kinds)],
        CellPresence.Concat([.. parts.Select(static part => (part.Presence, part.Count))], layout.Data.FieldsList.Count),
        KeyLinks.Concat(layout, [.. parts.Select(static part => (part.Links, part.Count))]));

    private int Rank(int row) => Kinds[row] switch
    {
        EventKind.SnapshotRead => 0,
        EventKind.Upsert => _layout.DeleteWinsTies ? 1 : 2,
        _ => _layout.DeleteWinsTies ? 2 : 1,
    };
}
