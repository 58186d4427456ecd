namespace Lakehouse.Incremental.Index;

/// <summary>A physical row: the index's number of the file, and the position in it.</summary>
internal readonly record struct RowLocation(int File, int Row) : IComparable<RowLocation>
{
    public int CompareTo(RowLocation other) => File != other.File ? File.CompareTo(other.File) : Row.CompareTo(other.Row);
}
