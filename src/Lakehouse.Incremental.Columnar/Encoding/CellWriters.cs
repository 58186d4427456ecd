using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Makes the writer of an array: ordered bytes for keys and sequences, or canonical bytes for digests and equality.</summary>
internal static class CellWriters
{
    /// <summary>Bytes compare as values do, and a value ends by itself. Not for lists, maps and void.</summary>
    public static CellWriter Ordered(ArrayData data) => data.DataType switch
    {
        StringType or BinaryType => new BytesCellWriter<EscapedBytesCode>(data),
        StructType => new StructCellWriter(data, [.. data.Children.Select(Ordered)]),
        _ => FixedCellWriter.Narrow(data),
    };

    /// <summary>Equal values have equal bytes, whatever their column's width, scale or layout in memory.</summary>
    public static CellWriter Canonical(ArrayData data, DigestDomain domain) => data.DataType switch
    {
        StringType or BinaryType => new BytesCellWriter<PlainBytesCode>(data),
        Decimal128Type => new MinimalDecimalCellWriter(data),
        StructType => new NamedStructCellWriter(data, domain),
        ListType => new ListCellWriter(data, Canonical(data.Children[0], domain)),
        MapType => new MapCellWriter(data, Entries(data.Children[0], domain)),
        NullType => new NullCellWriter(data),
        _ => FixedCellWriter.Wide(data),
    };

    /// <summary>The entries of a map: key and value by position, since writers of files differ in how they name them.</summary>
    private static StructCellWriter Entries(ArrayData data, DigestDomain domain) =>
        new(data, [.. data.Children.Select(child => Framed(child, domain))]);

    /// <summary>Where values stand side by side without lengths, each must end by itself.</summary>
    private static CellWriter Framed(ArrayData data, DigestDomain domain) => data.DataType is StringType or BinaryType
        ? new BytesCellWriter<EscapedBytesCode>(data)
        : Canonical(data, domain);
}
