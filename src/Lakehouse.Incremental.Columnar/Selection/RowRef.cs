namespace Lakehouse.Incremental.Columnar;

/// <summary>A row of one of several batches.</summary>
/// <param name="Batch">Position in the list of batches; -1 stands for a row of nulls.</param>
/// <param name="Row">Row in that batch.</param>
internal readonly record struct RowRef(int Batch, int Row)
{
    /// <summary>The row of nulls.</summary>
    public static readonly RowRef Null = new(-1, 0);
}
