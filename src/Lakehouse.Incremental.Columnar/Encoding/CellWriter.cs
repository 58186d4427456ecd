using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Writes the canonical bytes of single cells of one array. Made once per array, then called per row.</summary>
internal abstract class CellWriter(ArrayData data)
{
    private readonly ReadOnlyMemory<byte> _validity = GatherKernel.HasValidity(data) ? data.Buffers[0].Memory : default;

    protected ArrayData Data { get; } = data;

    protected int Offset { get; } = data.Offset;

    /// <summary>True when the cell is null.</summary>
    public bool IsNull(int row) => Data.DataType is Apache.Arrow.Types.NullType || (_validity.Length > 0 && !BitUtility.GetBit(_validity.Span, Offset + row));

    /// <summary>Bytes of a cell that is not null.</summary>
    public abstract int Size(int row);

    /// <summary>Writes a cell that is not null and returns its size.</summary>
    public abstract int Write(int row, Span<byte> target);
}
