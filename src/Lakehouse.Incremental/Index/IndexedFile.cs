using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Index;

/// <summary>A data file the index knows. All its physical rows are indexed once; which of them live is asked of the deletion vector.</summary>
internal sealed class IndexedFile(AddFile add, DeletionVector deleted, EncodedRows? clocks)
{
    /// <summary>The file as the last synchronised snapshot has it.</summary>
    public AddFile Add { get; set; } = add;

    public DeletionVector Deleted { get; set; } = deleted;

    /// <summary>Where each row stands in the order of its key, encoded; null when the index keeps no clocks.</summary>
    public EncodedRows? Clocks { get; set; } = clocks;

    /// <summary>False once the file has left the table.</summary>
    public bool IsLive { get; set; } = true;

    public int Rows { get; init; }
}
