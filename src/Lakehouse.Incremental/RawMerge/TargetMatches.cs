using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The rows of the target that have the key of a source row, or none but lie in the scope of a clause for such rows.</summary>
/// <param name="Files">The files that hold them, in the order of the snapshot.</param>
/// <param name="Rows">In the order of files and of rows in them.</param>
/// <param name="FilesScanned">How many files were read.</param>
internal sealed record TargetMatches(IReadOnlyList<AddFile> Files, IReadOnlyList<TargetRow> Rows, int FilesScanned)
{
    /// <summary>The first row of a file, and how many follow.</summary>
    public IEnumerable<(int File, int First, int Count)> ByFile()
    {
        for (int first = 0; first < Rows.Count;)
        {
            int end = first;
            while (end < Rows.Count && Rows[end].File == Rows[first].File)
            {
                end++;
            }

            yield return (Rows[first].File, first, end - first);
            first = end;
        }
    }

    /// <summary>The values of the rows, in the order of the rows.</summary>
    public async Task<RecordBatch> ReadAsync(DeltaTable table, Snapshot after, CancellationToken cancellationToken)
    {
        List<RecordBatch> parts = [];
        foreach ((int file, int first, int count) in ByFile())
        {
            int[] rows = [.. Enumerable.Range(first, count).Select(row => Rows[row].Row)];
            parts.Add(await table.Reader.ReadRowsAsync(after, Files[file], after.Schema, rows, cancellationToken).ConfigureAwait(false));
        }

        return ConcatKernel.Concat(after.Schema, parts);
    }
}
