namespace Lakehouse.Incremental.Columnar;

/// <summary>The bytes that stand for a string or binary value. A static interface, so that a column is encoded by a loop without calls.</summary>
internal interface IBytesCode
{
    static abstract int Size(ReadOnlySpan<byte> value);

    static abstract int Write(ReadOnlySpan<byte> value, Span<byte> target);
}
