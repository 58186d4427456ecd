using Apache.Arrow;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>A value at the top of a group, how many rows hold it, and where it can be read.</summary>
internal sealed class ExtremeValue(byte[] key, IArrowArray source, int row, long copies)
{
    /// <summary>Bytes that compare as the values do.</summary>
    public byte[] Key { get; } = key;

    public long Copies { get; set; } = copies;

    public IArrowArray Source { get; private set; } = source;

    public int Row { get; private set; } = row;

    public void MoveTo(IArrowArray source, int row) => (Source, Row) = (source, row);
}
