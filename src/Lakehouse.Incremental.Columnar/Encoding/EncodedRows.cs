namespace Lakehouse.Incremental.Columnar;

/// <summary>One byte string per row, in one buffer.</summary>
internal sealed class EncodedRows(byte[] buffer, int[] offsets)
{
    public int Count => offsets.Length - 1;

    public ReadOnlySpan<byte> this[int row] => buffer.AsSpan(offsets[row], offsets[row + 1] - offsets[row]);

    public ReadOnlyMemory<byte> Memory(int row) => buffer.AsMemory(offsets[row], offsets[row + 1] - offsets[row]);
}
