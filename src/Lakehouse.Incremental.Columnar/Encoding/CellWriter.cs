using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Writes the canonical bytes of cells of one array: single cells, or a column of them at once. Made once per array.</summary>
internal abstract class CellWriter(ArrayData data)
{
    private readonly bool _allNull = data.DataType is NullType;
    private readonly ReadOnlyMemory<byte> _validity = GatherKernel.HasValidity(data) ? data.Buffers[0].Memory : default;

    /// <summary>True when no cell is null.</summary>
    public bool NeverNull => !_allNull && _validity.IsEmpty;

    /// <summary>Where the array begins in its buffers.</summary>
    protected int Offset { get; } = data.Offset;

    /// <summary>True when the cell is null.</summary>
    public bool IsNull(int row) => _allNull || (!_validity.IsEmpty && !Bitmaps.Get(_validity.Span, Offset + row));

    /// <summary>Bytes of a cell that is not null; for a null anything not below zero.</summary>
    public abstract int Size(int row);

    /// <summary>Writes a cell that is not null and returns its size.</summary>
    public abstract int Write(int row, Span<byte> target);

    /// <summary>Adds the size of each cell that is not null, from a row on, to a number per row.</summary>
    public virtual void AddSizes(int firstRow, Span<int> sizes)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!IsNull(firstRow + i))
            {
                sizes[i] = checked(sizes[i] + Size(firstRow + i));
            }
        }
    }

    /// <summary>Writes each cell that is not null, from a row on, at its position, and moves the positions behind what was written.</summary>
    public virtual void WriteColumn(int firstRow, Span<byte> target, Span<int> positions)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            if (!IsNull(firstRow + i))
            {
                positions[i] += Write(firstRow + i, target[positions[i]..]);
            }
        }
    }
}
