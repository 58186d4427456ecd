using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Arrays without a type: each cell is null, so nothing is ever written.</summary>
internal sealed class NullCellWriter(ArrayData data) : CellWriter(data)
{
    public override int Size(int row) => 0;

    public override int Write(int row, Span<byte> target) => 0;
}
