using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Makes the writer of an array: ordered bytes for keys and sequences, or canonical bytes for digests and equality.</summary>
internal static class CellWriters
{
    /// <summary>Bytes compare as values do, and a value ends by itself. Not for lists, maps and void.</summary>
    public static CellWriter Ordered(ArrayData data) => data.DataType switch
    {
        StringType or BinaryType => new EscapedCellWriter(data),
        StructType => new StructCellWriter(data, [.. data.Children.Select(Ordered)]),
        BooleanType or FixedWidthType => new FixedCellWriter(data, wide: false),
        _ => throw new ArgumentException($"Values of type {data.DataType.Name} have no order.", nameof(data)),
    };

    /// <summary>Equal values have equal bytes, whatever their column's width, scale or layout in memory.</summary>
    public static CellWriter Canonical(ArrayData data) => data.DataType switch
    {
        StringType or BinaryType => new BytesCellWriter(data),
        Decimal128Type => new MinimalDecimalCellWriter(data),
        StructType => new StructCellWriter(data, [.. data.Children.Select(Framed)]),
        ListType => new ListCellWriter(data, Canonical(data.Children[0]), sorted: false),
        MapType => new ListCellWriter(data, Canonical(data.Children[0]), sorted: true),
        NullType => new StructCellWriter(data, []),
        _ => new FixedCellWriter(data, wide: true),
    };

    /// <summary>Inside a struct a value of variable size must end by itself.</summary>
    private static CellWriter Framed(ArrayData data) => data.DataType is StringType or BinaryType ? new EscapedCellWriter(data) : Canonical(data);
}
