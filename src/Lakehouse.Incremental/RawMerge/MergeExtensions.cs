using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Schemas;

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
    /// <param name="source">
    /// The rows, in batches that all have the same columns, in any order; at least one batch, which may be empty. They count as one: the first row of
    /// the second batch has the ordinal that follows the last one of the first.
    /// </param>
    public static MergeStatement Merge(this DeltaTable target, IReadOnlyList<RecordBatch> source)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        return new MergeStatement(target, new MergeDefinition(), _ => Task.FromResult(source));
    }

    /// <inheritdoc cref="Merge(DeltaTable, RecordBatch)"/>
    /// <param name="target">The table.</param>
    /// <param name="source">
    /// The rows, in batches that all have the same columns, in any order. They are read when the merge runs, once for each run, and held in memory as
    /// long. They may be read from the target itself.
    /// </param>
    /// <param name="schema">The columns of the source, for when it turns out to have no batch; without it that is an error.</param>
    public static MergeStatement Merge(this DeltaTable target, IAsyncEnumerable<RecordBatch> source, Schema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(source);
        return new MergeStatement(target, new MergeDefinition(), token => CollectAsync(source, schema, token));
    }

    private static async Task<IReadOnlyList<RecordBatch>> CollectAsync(
        IAsyncEnumerable<RecordBatch> source, Schema? schema, CancellationToken cancellationToken)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            batches.Add(batch);
        }

        return batches.Count == 0 && schema is not null
            ? [ConcatKernel.Concat(ArrowSchemas.ToArrow(ArrowSchemas.ToDelta(schema)), [])]
            : batches;
    }
}
