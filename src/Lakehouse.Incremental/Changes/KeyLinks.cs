using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Changes;

/// <summary>
/// The other key of events that change a key (semantics 2.32): for the new row the key it takes its values from, for the former key
/// the one that takes them.
/// </summary>
internal sealed class KeyLinks
{
    private readonly EncodedRows _encoded;

    /// <param name="keys">A key for each row, in the key columns' types; all null for a row without link.</param>
    public KeyLinks(RecordBatch keys)
    {
        Keys = keys;
        _encoded = SequenceEncoding.Encode(keys, Enumerable.Range(0, keys.ColumnCount).ToArray());
        Hashes = KeyHash.Of(_encoded);
    }

    public RecordBatch Keys { get; }

    public UInt128[] Hashes { get; }

    public bool Has(int row) => Keys.Arrays.Any(column => !column.IsNull(row));

    public KeyLinks Take(int[] rows) => new(TakeKernel.Take(Keys, rows));

    /// <summary>The links of several lists put together; null when none has any.</summary>
    public static KeyLinks? Concat(MergeLayout layout, IReadOnlyList<(KeyLinks? Links, int Rows)> parts) => parts.All(static part => part.Links is null)
        ? null
        : new KeyLinks(ConcatKernel.Concat(layout.KeySchema, [.. parts.Select(part => part.Links?.Keys ?? None(layout, part.Rows))]));

    /// <summary>Rows without links.</summary>
    public static RecordBatch None(MergeLayout layout, int rows) =>
        new(layout.KeySchema, layout.KeySchema.FieldsList.Select(f => NullArrays.Create(f.DataType, rows)), rows);
}
