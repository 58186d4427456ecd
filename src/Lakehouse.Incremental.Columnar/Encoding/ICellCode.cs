namespace Lakehouse.Incremental.Columnar;

/// <summary>The bytes of a value of fixed width. A static interface, so that a column is encoded by a loop without calls.</summary>
internal interface ICellCode<T>
    where T : unmanaged
{
    static abstract int Size { get; }

    static abstract void Write(T value, Span<byte> target);
}
