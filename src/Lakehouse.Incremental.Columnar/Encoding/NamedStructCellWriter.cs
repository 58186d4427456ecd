using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// Structs as the number of their fields and each field with its name, in the order of the names: what holds for the columns of a table (order means
/// nothing, a new field without values changes nothing) holds inside of structs too.
/// </summary>
internal sealed class NamedStructCellWriter(ArrayData data, DigestDomain domain) : CellWriter(data)
{
    private readonly NamedCellWriter[] _fields = NamedCellWriter.InOrder(
        ((StructType)data.DataType).Fields.Select((field, i) => (field.Name, data.Children[i])), domain);

    public override int Size(int row)
    {
        int size = sizeof(int);
        foreach (NamedCellWriter field in _fields)
        {
            size = checked(size + field.Size(Offset + row));
        }

        return size;
    }

    public override int Write(int row, Span<byte> target)
    {
        int written = sizeof(int);
        int count = 0;
        foreach (NamedCellWriter field in _fields)
        {
            int size = field.Write(Offset + row, target[written..]);
            written += size;
            count += size > 0 ? 1 : 0;
        }

        BinaryPrimitives.WriteInt32BigEndian(target, count);
        return written;
    }
}
