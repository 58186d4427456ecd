using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Structs field by field, each after a byte that says whether it is there.</summary>
internal sealed class StructCellWriter(ArrayData data, CellWriter[] fields) : CellWriter(data)
{
    public override int Size(int row)
    {
        int size = 0;
        foreach (CellWriter field in fields)
        {
            size = checked(size + 1 + (field.IsNull(Offset + row) ? 0 : field.Size(Offset + row)));
        }

        return size;
    }

    public override int Write(int row, Span<byte> target)
    {
        int written = 0;
        foreach (CellWriter field in fields)
        {
            bool isNull = field.IsNull(Offset + row);
            target[written++] = isNull ? (byte)0 : (byte)1;
            written += isNull ? 0 : field.Write(Offset + row, target[written..]);
        }

        return written;
    }
}
