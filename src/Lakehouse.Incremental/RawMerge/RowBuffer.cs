using Apache.Arrow;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Holds rows until there are enough to write, so that files have as many rows as if all were written at once, and memory holds no more than a few files.
/// </summary>
/// <param name="rowsPerFile">The rows of a file, after which they are written.</param>
/// <param name="isSplit">Whether the writer spreads rows over partitions: then any number will do, and there should be more of them.</param>
/// <param name="write">Writes rows.</param>
internal sealed class RowBuffer(long rowsPerFile, bool isSplit, Func<IReadOnlyList<RecordBatch>, Task> write)
{
    private const int FilesOfPartitions = 4;

    private readonly long _enough = isSplit ? rowsPerFile * FilesOfPartitions : rowsPerFile;
    private List<RecordBatch> _held = [];
    private long _rows;

    public async Task AddAsync(RecordBatch rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        _held.Add(rows);
        _rows += rows.Length;
        if (_rows >= _enough)
        {
            await WriteAsync(isSplit ? 0 : _rows % rowsPerFile).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what is left.</summary>
    public Task FlushAsync() => _rows == 0 ? Task.CompletedTask : WriteAsync(0);

    // The rows that stay are less than those of a file, and so than those that were there before; but the last batch may be larger than a file.
    private async Task WriteAsync(long staying)
    {
        List<RecordBatch> full = _held;
        RecordBatch last = full[^1];
        _held = [];
        _rows = staying;
        if (staying > 0)
        {
            int first = (int)(last.Length - staying);
            full[^1] = SliceKernel.Slice(last, 0, first);
            _held.Add(SliceKernel.Slice(last, first, (int)staying));
        }

        await write(full).ConfigureAwait(false);
    }
}
