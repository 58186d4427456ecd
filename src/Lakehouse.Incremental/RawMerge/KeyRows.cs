using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The values rows are matched by, on one side.</summary>
internal sealed class KeyRows
{
    private readonly EncodedRows _encoded;
    private readonly bool[]? _cannotMatch;
    private readonly RecordBatch _columns;

    private KeyRows(RecordBatch columns, EncodedRows encoded, bool[]? cannotMatch) =>
        (_columns, _encoded, _cannotMatch) = (columns, encoded, cannotMatch);

    public int Count => _encoded.Count;

    /// <summary>The values of the nth equality.</summary>
    public IArrowArray Column(int key) => _columns.Column(key);

    public static KeyRows Of(IReadOnlyList<JoinKey> keys, JoinedRows rows, bool ofTarget)
    {
        IArrowArray[] columns = [.. keys.Select(key => rows.Evaluate(ofTarget ? key.Target : key.Source))];
        IArrowArray[] compared = new IArrowArray[columns.Length];
        bool[]? cannotMatch = null;
        for (int i = 0; i < columns.Length; i++)
        {
            CastResult cast = Compared(columns[i], keys[i]);
            compared[i] = cast.Array;
            if (cast.Failed is null && (keys[i].NullSafe || columns[i].NullCount == 0))
            {
                continue;
            }

            cannotMatch ??= new bool[rows.Count];
            for (int row = 0; row < cannotMatch.Length; row++)
            {
                cannotMatch[row] |= (!keys[i].NullSafe && columns[i].IsNull(row)) || cast.Failed?[row] == true;
            }
        }

        RowEncoder encoder = new([.. compared.Select(static column => column.Data.DataType)]);
        EncodedRows encoded = encoder.Encode(Batch(compared, rows.Count), JoinedRows.All(columns.Length));
        return new KeyRows(Batch(columns, rows.Count), encoded, cannotMatch);
    }

    /// <summary>Whether a row can match at all: a null equals nothing, nor does what the target has no value for.</summary>
    public bool CanMatch(int row) => _cannotMatch is null || !_cannotMatch[row];

    /// <summary>Equal rows have equal bytes.</summary>
    public ReadOnlySpan<byte> this[int row] => _encoded[row];

    /// <summary>The key as people read it.</summary>
    public string Text(int row) => KeyText.Of(_columns, JoinedRows.All(_columns.ColumnCount), row);

    private static CastResult Compared(IArrowArray column, JoinKey key) =>
        key.Target.Type is DecimalType target && !key.Source.Type.Equals(target)
            ? LosslessCast.Cast(column, ArrowSchemas.ToArrow(target))
            : new CastResult(column, null);

    private static RecordBatch Batch(IArrowArray[] columns, int rows) => new(
        new Schema([.. columns.Select(static (column, i) => new Field($"k{i}", column.Data.DataType, true))], null), columns, rows);
}
