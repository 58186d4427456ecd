using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The values rows are matched by, on one side.</summary>
internal sealed class KeyRows
{
    private readonly EncodedRows _encoded;
    private readonly bool[] _hasNull;
    private readonly RecordBatch _columns;

    private KeyRows(RecordBatch columns, EncodedRows encoded, bool[] hasNull) => (_columns, _encoded, _hasNull) = (columns, encoded, hasNull);

    public int Count => _encoded.Count;

    /// <summary>The values of the nth equality.</summary>
    public IArrowArray Column(int key) => _columns.Column(key);

    public static KeyRows Of(IReadOnlyList<JoinKey> keys, JoinedRows rows, bool ofTarget)
    {
        IArrowArray[] columns = [.. keys.Select(key => rows.Evaluate(ofTarget ? key.Target : key.Source))];
        Schema schema = new([.. columns.Select(static (column, i) => new Field($"k{i}", column.Data.DataType, true))], null);
        RecordBatch batch = new(schema, columns, rows.Count);
        bool[] hasNull = new bool[rows.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            for (int row = 0; row < hasNull.Length && !keys[i].NullSafe; row++)
            {
                hasNull[row] |= columns[i].IsNull(row);
            }
        }

        RowEncoder encoder = new([.. columns.Select(static column => column.Data.DataType)]);
        return new KeyRows(batch, encoder.Encode(batch, JoinedRows.All(columns.Length)), hasNull);
    }

    /// <summary>Whether a row can match at all: a null equals nothing.</summary>
    public bool CanMatch(int row) => !_hasNull[row];

    /// <summary>Equal rows have equal bytes.</summary>
    public ReadOnlySpan<byte> this[int row] => _encoded[row];

    /// <summary>The key as people read it.</summary>
    public string Text(int row) => KeyText.Of(_columns, JoinedRows.All(_columns.ColumnCount), row);
}
