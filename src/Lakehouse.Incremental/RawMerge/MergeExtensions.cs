using Apache.Arrow;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Begins a raw MERGE on a Delta table.</summary>
public static class MergeExtensions
{
    /// <summary>
    /// Begins a MERGE of rows into a table, as SQL's <c>MERGE INTO</c>: rows of the source are matched with rows of the target, and clauses say what
    /// becomes of the matched and of the others. Nothing happens before <see cref="MergeStatement.ExecuteAsync"/>.
    /// </summary>
    /// <param name="target">The table.</param>
    /// <param name="source">The rows. They stay the caller's, and must not change before the merge has run.</param>
    public static MergeStatement Merge(this DeltaTable target, RecordBatch source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Merge(target, [source]);
    }

    /// <inheritdoc cref="Merge(DeltaTable, RecordBatch)"/>
    /// <param name="target">The table.</param>
    /// <param name="source">The rows, in batches with the columns of the first; at least one batch, which may be empty.</param>
    public static MergeStatement Merge(this DeltaTable target, IReadOnlyList<RecordBatch> source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        return new MergeStatement(target, new MergeDefinition(), _ => Task.FromResult(source));
    }

    /// <inheritdoc cref="Merge(DeltaTable, IReadOnlyList{RecordBatch})"/>
    /// <remarks>The batches are held in memory while the merge runs.</remarks>
    public static MergeStatement Merge(this DeltaTable target, IAsyncEnumerable<RecordBatch> source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        return new MergeStatement(target, new MergeDefinition(), token => CollectAsync(source, token));
    }

    private static async Task<IReadOnlyList<RecordBatch>> CollectAsync(IAsyncEnumerable<RecordBatch> source, CancellationToken cancellationToken)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batches.Add(batch);
        }

        return batches;
    }
}
