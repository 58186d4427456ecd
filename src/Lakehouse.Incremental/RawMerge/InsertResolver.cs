using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Works out which source rows are inserted, when it is known which of them match.</summary>
/// <param name="merge">The statement.</param>
/// <param name="schema">The columns the table will have.</param>
/// <param name="source">The source.</param>
/// <param name="newRows">Makes rows.</param>
/// <param name="cardinality">Checks that there is one result.</param>
/// <param name="names">Names rows that have no result.</param>
internal sealed class InsertResolver(
    BoundMerge merge, Schema schema, RecordBatch source, NewRows newRows, MergeCardinality cardinality, RowNames names)
{
    /// <param name="matched">By source row, whether it matches a row of the target.</param>
    public InsertedRows Resolve(bool[] matched)
    {
        if (merge.NotMatched.Count == 0)
        {
            return new InsertedRows(ConcatKernel.Concat(schema, []), [], new Dictionary<int, long>());
        }

        JoinedRows rows = JoinedRows.OfSource(merge.Sides, source, RowMarks.Positions(matched, marked: false));
        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed = ClauseRouter.Route(merge.NotMatched, rows, names);
        (int Row, RowRef Ref)[] inOrder =
        [
            .. routed.SelectMany(static (part, batch) => part.Rows.Select((row, i) => (Row: row, Ref: new RowRef(batch, i))))
                .OrderBy(static inserted => inserted.Row),
        ];
        int[] sources = [.. inOrder.Select(inserted => rows.SourceRows[inserted.Row])];
        if (merge.Definition.UniqueKeys)
        {
            cardinality.CheckOneInsert(sources);
        }

        (IReadOnlyList<RecordBatch> parts, IReadOnlyDictionary<int, long> marks) = Insert([.. routed.Select(part => (part.Clause, rows.Pick(part.Rows)))]);
        RecordBatch inserted = parts.Count == 1
            ? parts[0]
            : InterleaveKernel.Interleave(schema, parts, [.. inOrder.Select(static row => row.Ref)]);
        return new InsertedRows(inserted, sources, marks);
    }

    // All clauses at once, since the numbers of identity columns go through; an error is looked for in each.
    private (IReadOnlyList<RecordBatch> Rows, IReadOnlyDictionary<int, long> Marks) Insert(IReadOnlyList<(BoundClause Clause, JoinedRows Rows)> parts)
    {
        try
        {
            return newRows.Insert(parts);
        }
        catch (InvalidRowsException)
        {
            foreach ((BoundClause clause, JoinedRows rows) in parts)
            {
                names.Run(rows, part => newRows.Insert([(clause, part)]));
            }

            throw;
        }
    }
}
