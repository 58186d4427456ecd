namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values so that bytes compare as values do and a value ends by itself: 00 becomes 00 FF, and 00 00 ends it.</summary>
internal readonly struct EscapedBytesCode : IBytesCode
{
    public static int Size(ReadOnlySpan<byte> value) => value.Length + value.Count((byte)0) + 2;

    public static int Write(ReadOnlySpan<byte> value, Span<byte> target)
    {
        int written = 0;
        for (int zero; (zero = value.IndexOf((byte)0)) >= 0; value = value[(zero + 1)..])
        {
            value[..zero].CopyTo(target[written..]);
            written += zero;
            target[written++] = 0;
            target[written++] = 0xFF;
        }

        value.CopyTo(target[written..]);
        written += value.Length;
        target[written++] = 0;
        target[written++] = 0;
        return written;
    }
}
