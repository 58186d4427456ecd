using System.Buffers.Binary;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>Reads a payload from its start; every size is checked against the bytes that are left before anything is allocated for it.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public readonly int Remaining => _rest.Length;

    public static CorruptTableException Corrupt(string what) =>
        new(ErrorCodes.CorruptFile, $"A deletion vector cannot be read: {what}.");

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public ushort[] ReadUInt16s(int count)
    {
        ReadOnlySpan<byte> bytes = Bytes((long)count * sizeof(ushort));
        ushort[] values = new ushort[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(ushort))..]);
        }

        return values;
    }

    public ulong[] ReadUInt64s(int count)
    {
        ReadOnlySpan<byte> bytes = Bytes((long)count * sizeof(ulong));
        ulong[] values = new ulong[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }

        return values;
    }

    public PayloadReader Take(int length) => new(Bytes(length));

    public ReadOnlySpan<byte> Bytes(long length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Corrupt("it ends too early");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    /// <summary>Refuses a count of things that cannot all be in the bytes that are left.</summary>
    public readonly void CheckCount(long count, int smallest, string things)
    {
        if (count < 0 || count > _rest.Length / smallest)
        {
            throw Corrupt($"it claims more {things} than it has room for");
        }
    }
}
