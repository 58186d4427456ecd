namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>
/// Finds the numbers, sizes and counts in a structure of Thrift's compact protocol, in which Parquet writes its footer and page headers.
/// </summary>
internal sealed class ThriftNumbers
{
    private readonly byte[] _bytes;
    private readonly List<Place> _places = [];
    private int _at;

    private ThriftNumbers(byte[] bytes, int at)
    {
        _bytes = bytes;
        _at = at;
    }

    /// <summary>All places within the structure that starts at a position, and where it ends.</summary>
    public static (IReadOnlyList<Place> Places, int End) Of(byte[] bytes, int at)
    {
        ThriftNumbers walk = new(bytes, at);
        walk.Struct("");
        return (walk._places, walk._at);
    }

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void Struct(string path)
    {
        int id = 0;
        while (_bytes[_at++] is not 0 and byte head)
        {
            id = head >> 4 == 0 ? (int)(Varint() >> 1) : id + (head >> 4);
            Value(head & 15, $"{path}.{id}");
        }
    }

    private void Value(int type, string path)
    {
        int start = _at;
        switch (type)
        {
            case 1 or 2:
                break;
            case 3:
                _at++;
                break;
            case 4 or 5 or 6:
                _places.Add(new Place(path, start, Varint(), Length: _at - start, IsSize: false));
                break;
            case 7:
                _at += 8;
                break;
            case 8:
                ulong size = Varint();
                _places.Add(new Place(path, start, size, _at - start, IsSize: true));
                _at += (int)size;
                break;
            case 9 or 10:
                List(path);
                break;
            case 12:
                Struct(path);
                break;
            default:
                throw new InvalidDataException($"type {type} at {start}");
        }
    }

    private void List(string path)
    {
        int start = _at;
        byte head = _bytes[_at++];
        ulong count = head >> 4 == 15 ? Varint() : (ulong)(head >> 4);
        _places.Add(new Place(path, start, count, _at - start, IsSize: true, ElementType: head & 15));
        for (ulong i = 0; i < count; i++)
        {
            if ((head & 15) is 1 or 2)
            {
                _at++;
            }
            else
            {
                Value(head & 15, path + "[]");
            }
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A number, its raw value included; a size counts bytes or, with an element type, elements of a list.</summary>
    internal readonly record struct Place(string Path, int At, ulong Raw, int Length, bool IsSize, int? ElementType = null);
}
