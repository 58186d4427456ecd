using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Explain;

/// <summary>The key that is explained, and those it was before, whose rows it took values from.</summary>
internal sealed class WantedKeys
{
    private readonly MergeLayout _layout;
    private readonly List<RecordBatch> _rows = [];
    private readonly HashSet<byte[]> _encoded = new(ByteComparer.Instance);

    private WantedKeys(MergeLayout layout, RecordBatch own)
    {
        _layout = layout;
        Own = Encode(own)[0].ToArray();
        Text = KeyText.Of(own, [.. Enumerable.Range(0, own.ColumnCount)], 0);
        _encoded.Add(Own);
        _rows.Add(own);
    }

    /// <summary>The key that is explained.</summary>
    public byte[] Own { get; }

    public string Text { get; }

    public int Count => _encoded.Count;

    /// <summary>All of them; the one that is explained comes first.</summary>
    public RecordBatch Rows => ConcatKernel.Concat(_layout.KeySchema, _rows);

    public IEnumerable<byte[]> Encoded
    {
        get
        {
            EncodedRows all = Encode(Rows);
            return Enumerable.Range(0, all.Count).Select(row => all[row].ToArray());
        }
    }

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: the key does not fit the key columns.</exception>
    public static WantedKeys Of(MergeConfiguration flow, MergeLayout layout, IReadOnlyList<object?> key)
    {
        if (key.Count != layout.Keys.Length)
        {
            throw new LakehouseException(ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}': a key needs a value for each of {string.Join(", ", flow.Keys)}.") { Flow = flow.Name };
        }

        IEnumerable<IArrowArray> columns = layout.KeySchema.FieldsList.Select((field, i) =>
            key[i] is { } value ? FilterLiteral.ToArray(value, field) : NullArrays.Create(field.DataType, 1));
        return new WantedKeys(layout, new RecordBatch(layout.KeySchema, columns, 1));
    }

    public bool Contains(ReadOnlySpan<byte> key) => _encoded.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(key);

    /// <summary>Adds the former keys that events of the wanted keys name; true when there were new ones.</summary>
    public bool AddFormer(ChangeBatch events)
    {
        bool any = false;
        for (int row = 0; row < events.Count; row++)
        {
            if (events.Kinds[row] is EventKind.Upsert or EventKind.SnapshotRead && events.Links?.Has(row) == true)
            {
                RecordBatch former = TakeKernel.Take(events.Links.Keys, [row]);
                if (_encoded.Add(Encode(former)[0].ToArray()))
                {
                    _rows.Add(former);
                    any = true;
                }
            }
        }

        return any;
    }

    private static EncodedRows Encode(RecordBatch keys) => SequenceEncoding.Encode(keys, Enumerable.Range(0, keys.ColumnCount).ToArray());
}
