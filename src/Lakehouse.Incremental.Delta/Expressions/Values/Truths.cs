using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>The values of a condition, with its buffers at hand for a loop over all rows.</summary>
internal readonly ref struct Truths
{
    private readonly ReadOnlySpan<byte> _values;
    private readonly ReadOnlySpan<byte> _validity;
    private readonly int _offset;
    private readonly int _mask;
    private readonly bool _allNull;

    public Truths(SqlVector condition)
    {
        bool isVoid = condition.Data.DataType is Apache.Arrow.Types.NullType;
        _allNull = isVoid;
        _values = isVoid ? [] : condition.Data.Buffers[1].Span;
        _validity = !isVoid && condition.HasNulls ? condition.Data.Buffers[0].Span : [];
        _offset = condition.Array.Offset;
        _mask = condition.Mask;
    }

    public bool IsNull(int row) => _allNull || (!_validity.IsEmpty && !Bitmaps.Get(_validity, _offset + (row & _mask)));

    /// <summary>The value of a row that is not null.</summary>
    public bool Bit(int row) => Bitmaps.Get(_values, _offset + (row & _mask));

    public bool IsTrue(int row) => !IsNull(row) && Bit(row);
}
