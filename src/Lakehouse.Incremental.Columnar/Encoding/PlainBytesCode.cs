namespace Lakehouse.Incremental.Columnar;

/// <summary>Strings and binary values as they are.</summary>
internal readonly struct PlainBytesCode : IBytesCode
{
    public static int Size(ReadOnlySpan<byte> value) => value.Length;

    public static int Write(ReadOnlySpan<byte> value, Span<byte> target)
    {
        value.CopyTo(target);
        return value.Length;
    }
}
