namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Walks a structure in Thrift's compact form. Never throws: bytes that end too early, or make no sense, stop it for good.</summary>
internal ref struct ThriftCursor(ReadOnlySpan<byte> bytes)
{
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>The bytes ended before the structure did.</summary>
    public bool Exhausted { get; private set; }

    public bool Malformed { get; private set; }

    private readonly bool Stopped => Exhausted || Malformed;

    /// <summary>Whether a type is one of the integers that are written as a variable number of bytes.</summary>
    public static bool IsInteger(int type) => type is 4 or 5 or 6;

    /// <summary>Moves to the value of the next field; false at the end of the structure.</summary>
    public bool NextField(ref int id, out int type)
    {
        int head = Byte();
        type = head & 15;
        if (Stopped || head == 0)
        {
            return false;
        }

        id = head >> 4 == 0 ? Int32() : id + (head >> 4);
        return !Stopped;
    }

    /// <summary>A zigzag number, cut to 32 bits as the library does it.</summary>
    public int Int32()
    {
        uint raw = (uint)Varint();
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    public void Skip(int type, int nesting)
    {
        switch (type)
        {
            case 1 or 2:
                break;
            case 3:
                Advance(1);
                break;
            case 4 or 5 or 6:
                Varint();
                break;
            case 7:
                Advance(8);
                break;
            case 8:
                Advance(Varint());
                break;
            case 9 or 10 when nesting > 0:
                SkipList(nesting - 1);
                break;
            case 12 when nesting > 0:
                int id = 0;
                while (NextField(ref id, out int field))
                {
                    Skip(field, nesting - 1);
                }

                break;
            default:
                Malformed = true;
                break;
        }
    }

    private void SkipList(int nesting)
    {
        int head = Byte();
        ulong count = head >> 4 == 15 ? Varint() : (ulong)(head >> 4);
        int type = head & 15;
        for (ulong i = 0; i < count && !Stopped; i++)
        {
            if (type is 1 or 2)
            {
                Advance(1);
            }
            else
            {
                Skip(type, nesting);
            }
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            int next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        Malformed = true;
        return 0;
    }

    private int Byte()
    {
        if (Position >= _bytes.Length)
        {
            Exhausted = true;
        }

        return Stopped ? 0 : _bytes[Position++];
    }

    private void Advance(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
        {
            Exhausted = true;
        }
        else
        {
            Position += (int)count;
        }
    }
}
