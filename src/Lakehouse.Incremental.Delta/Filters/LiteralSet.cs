using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.Filters;

/// <summary>The literals of a list, encoded in the type of their column.</summary>
internal sealed class LiteralSet
{
    private readonly HashSet<byte[]> _values = new(ByteComparer.Instance);

    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: a literal does not fit the column.</exception>
    public LiteralSet(InFilter filter, Field column)
    {
        foreach (object? literal in filter.Literals)
        {
            if (FilterLiteral.Encode(literal, column) is { } value)
            {
                _values.Add(value);
            }
            else
            {
                HasNull = true;
            }
        }
    }

    /// <summary>Comparison with a null is unknown: with one in the list no value is known to be absent from it.</summary>
    public bool HasNull { get; }

    /// <summary>Lookups by bytes without a copy.</summary>
    public HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> Lookup => _values.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether some value within the bounds may be in the list, or may be known not to be.</summary>
    public bool May(bool outcome, ColumnBounds bounds) => outcome
        ? _values.Any(value => bounds.MayHold(Comparison.Equal, value))
        : !HasNull && bounds.MayBeValue && !(bounds.Single is { } only && _values.Contains(only));
}
