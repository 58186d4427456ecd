using System.Buffers.Binary;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// A cell with the name of its column or field: length of the name, name, type family, length of the value, value. So a value is found by name and
/// not by position, and a missing one can be left out.
/// </summary>
internal sealed class NamedCellWriter
{
    private const int NullLength = -1;

    private readonly byte[] _header;
    private readonly ReadOnlyMemory<byte> _name;

    private NamedCellWriter(string name, ArrayData data, DigestDomain domain)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        _header = new byte[sizeof(int) + length + 1];
        BinaryPrimitives.WriteInt32BigEndian(_header, length);
        Encoding.UTF8.GetBytes(name, _header.AsSpan(sizeof(int)));
        _header[^1] = CanonicalFamily.Of(data.DataType);
        _name = _header.AsMemory(sizeof(int), length);
        KeepNulls = domain != DigestDomain.Data;
        Cells = CellWriters.Canonical(data, domain);
    }

    /// <summary>The values without names.</summary>
    public CellWriter Cells { get; }

    /// <summary>A null is written and not left out.</summary>
    public bool KeepNulls { get; }

    /// <summary>Bytes in front of a value.</summary>
    public int HeaderSize => _header.Length + sizeof(int);

    /// <summary>The writers of columns, in the order of the names' UTF-8 bytes.</summary>
    public static NamedCellWriter[] InOrder(IEnumerable<(string Name, ArrayData Data)> columns, DigestDomain domain)
    {
        NamedCellWriter[] writers = [.. columns.Select(column => new NamedCellWriter(column.Name, column.Data, domain))];
        System.Array.Sort(writers, (a, b) => a._name.Span.SequenceCompareTo(b._name.Span));
        return writers;
    }

    /// <summary>Size of the cell with its name; 0 when it is left out.</summary>
    public int Size(int row) => Cells.IsNull(row) ? KeepNulls ? HeaderSize : 0 : checked(HeaderSize + Cells.Size(row));

    /// <summary>Writes the cell with its name, or nothing when it is left out.</summary>
    public int Write(int row, Span<byte> target)
    {
        int start = WriteHeader(row, target);
        if (start == 0 || Cells.IsNull(row))
        {
            return start;
        }

        int size = Cells.Write(row, target[start..]);
        WriteLength(target[..start], size);
        return start + size;
    }

    /// <summary>Writes what stands in front of a value, as of a null, and returns its size; 0 when the cell is left out.</summary>
    public int WriteHeader(int row, Span<byte> target)
    {
        if (!KeepNulls && Cells.IsNull(row))
        {
            return 0;
        }

        _header.CopyTo(target);
        BinaryPrimitives.WriteInt32BigEndian(target[_header.Length..], NullLength);
        return HeaderSize;
    }

    /// <summary>Puts the length of a value at the end of what stands in front of it.</summary>
    public static void WriteLength(Span<byte> header, int length) => BinaryPrimitives.WriteInt32BigEndian(header[^sizeof(int)..], length);
}
