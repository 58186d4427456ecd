using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Works out what becomes of each row, from the rows that match.</summary>
internal sealed class MergeResolver
{
    private readonly BoundMerge _merge;
    private readonly MergeSource _source;
    private readonly RecordBatch _rows;
    private readonly NewRows _newRows;
    private readonly MergeCardinality _cardinality;
    private readonly RowNames _names;
    private readonly MatchedPairs _pairs;
    private readonly List<RecordBatch> _updates = [];
    private readonly RowRef[] _replacedBy;
    private readonly int[] _updatedFrom;
    private readonly bool[] _deleted;

    /// <param name="merge">The statement.</param>
    /// <param name="target">The rows of the target it looks at.</param>
    /// <param name="rows">Their values; without rows when the statement does not need them.</param>
    /// <param name="source">The source.</param>
    /// <param name="index">The source by key.</param>
    /// <param name="newRows">Makes rows.</param>
    /// <param name="cardinality">Checks that there is one result.</param>
    /// <param name="names">Names rows that have no result.</param>
    public MergeResolver(
        BoundMerge merge,
        TargetMatches target,
        RecordBatch rows,
        MergeSource source,
        SourceIndex index,
        NewRows newRows,
        MergeCardinality cardinality,
        RowNames names)
    {
        (_merge, _rows, _source, _newRows, _cardinality, _names) = (merge, rows, source, newRows, cardinality, names);
        if (merge.TakesEachMatch)
        {
            cardinality.CheckOneSource(target, index);
        }

        _pairs = MatchedPairs.Of(merge, target, [.. rows.Arrays], source, index, names);
        _replacedBy = new RowRef[target.Rows.Count];
        System.Array.Fill(_replacedBy, RowRef.Null);
        _updatedFrom = new int[target.Rows.Count];
        _deleted = new bool[target.Rows.Count];
    }

    public MergeOutcome Resolve()
    {
        ResolveMatched();
        ResolveNotMatchedBySource();
        return Outcome(ResolveNotMatched());
    }

    private void ResolveMatched()
    {
        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed = ClauseRouter.Route(_merge.Matched, _pairs.Rows, _names);
        (int Target, int Source)[] taken =
            [.. routed.SelectMany(static part => part.Rows).Select(pair => (_pairs.Rows.TargetRows[pair], _pairs.Rows.SourceRows[pair]))];
        if (!_merge.MatchesMayRepeat)
        {
            _cardinality.CheckOneSource(taken);
        }

        if (_merge.Definition.UniqueKeys)
        {
            _cardinality.CheckOneTarget(taken);
        }

        foreach ((BoundClause clause, int[] pairs) in routed)
        {
            Apply(clause, _pairs.Rows.Pick(pairs));
        }
    }

    private void ResolveNotMatchedBySource()
    {
        if (_merge.NotMatchedBySource.Count == 0)
        {
            return;
        }

        int[] without = _pairs.TargetRowsWithout;
        JoinedRows rows = JoinedRows.OfTarget(_merge.Sides, [.. _rows.Arrays], without);
        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed = ClauseRouter.Route(_merge.NotMatchedBySource, rows, _names, (clause, open) =>
            TargetScan.Within(clause.Clause.Scope!, TakeKernel.Take(_rows, [.. open.Select(row => without[row])])));
        foreach ((BoundClause clause, int[] part) in routed)
        {
            Apply(clause, rows.Pick(part));
        }
    }

    private void Apply(BoundClause clause, JoinedRows rows)
    {
        if (clause.Clause.Action == MergeAction.Delete)
        {
            foreach (int row in rows.TargetRows)
            {
                _deleted[row] = true;
            }
        }
        else if (rows.Count > 0)
        {
            RecordBatch updated = _names.Run(rows, part => _newRows.Update(clause, TakeKernel.Take(_rows, [.. part.TargetRows]), part));
            IReadOnlyList<(int Target, int Source)> origins = rows.Origins;
            for (int i = 0; i < rows.Count; i++)
            {
                _replacedBy[origins[i].Target] = new RowRef(_updates.Count, i);
                _updatedFrom[origins[i].Target] = origins[i].Source;
            }

            _updates.Add(updated);
        }
    }

    private InsertedRows ResolveNotMatched()
    {
        if (_merge.NotMatched.Count == 0)
        {
            return new InsertedRows(Empty(), [], new Dictionary<int, long>());
        }

        JoinedRows rows = JoinedRows.OfSource(_merge.Sides, [.. _source.Rows.Arrays], _pairs.SourceRowsWithout);
        IReadOnlyList<(BoundClause Clause, int[] Rows)> routed = ClauseRouter.Route(_merge.NotMatched, rows, _names);
        (int Row, RowRef Ref)[] inOrder =
        [
            .. routed.SelectMany(static (part, batch) => part.Rows.Select((row, i) => (Row: row, Ref: new RowRef(batch, i))))
                .OrderBy(static inserted => inserted.Row),
        ];
        int[] sources = [.. inOrder.Select(inserted => rows.SourceRows[inserted.Row])];
        if (_merge.Definition.UniqueKeys)
        {
            _cardinality.CheckOneInsert(sources);
        }

        (IReadOnlyList<RecordBatch> parts, IReadOnlyDictionary<int, long> marks) =
            Insert([.. routed.Select(part => (part.Clause, rows.Pick(part.Rows)))]);
        RecordBatch inserted = InterleaveKernel.Interleave(_rows.Schema, parts, [.. inOrder.Select(static inserted => inserted.Ref)]);
        return new InsertedRows(inserted, sources, marks);
    }

    // All clauses at once, since the numbers of identity columns go through; an error is looked for in each.
    private (IReadOnlyList<RecordBatch> Rows, IReadOnlyDictionary<int, long> Marks) Insert(IReadOnlyList<(BoundClause Clause, JoinedRows Rows)> parts)
    {
        try
        {
            return _newRows.Insert(parts);
        }
        catch (InvalidRowsException)
        {
            foreach ((BoundClause clause, JoinedRows rows) in parts)
            {
                _names.Run(rows, part => _newRows.Insert([(clause, part)]));
            }

            throw;
        }
    }

    private MergeOutcome Outcome(InsertedRows inserted)
    {
        int[] touched = [.. Enumerable.Range(0, _deleted.Length).Where(row => _deleted[row] || _replacedBy[row].Batch >= 0)];
        int[] candidates = [.. touched.Where(row => !_deleted[row])];
        bool[] changes = Changes(candidates);
        int[] updated = [.. candidates.Where((_, i) => changes[i])];
        HashSet<int> unchanged = [.. candidates.Where((_, i) => !changes[i])];
        int[] removed = [.. touched.Where(row => !unchanged.Contains(row))];
        int next = 0;
        HashSet<int> leaving = [.. removed];
        return new MergeOutcome
        {
            Removed = removed,
            Before = removed.Length == 0 ? Empty() : TakeKernel.Take(_rows, removed),
            ReplacedBy = [.. removed.Select(row => _deleted[row] ? -1 : next++)],
            Updated = After(updated),
            Inserted = inserted.Rows,
            Origins = [.. updated.Select(row => (row, _updatedFrom[row])), .. inserted.Sources.Select(static row => (-1, row))],
            IdentityMarks = inserted.Marks,
            KeepsMatches = Enumerable.Range(0, _deleted.Length).Any(row => _pairs.HasTarget(row) && !leaving.Contains(row)),
            MatchedUpdated = updated.Count(_pairs.HasTarget),
            MatchedDeleted = removed.Count(row => _deleted[row] && _pairs.HasTarget(row)),
            Unchanged = unchanged.Count,
        };
    }

    // A row that is equal to what it was is not written, and is no change for those who read changes (semantics 2.38).
    private bool[] Changes(int[] rows)
    {
        if (rows.Length == 0)
        {
            return [];
        }

        int[] columns = JoinedRows.All(_rows.ColumnCount);
        UInt128[] before = RowDigest.Compute(TakeKernel.Take(_rows, rows), columns, DigestDomain.Data);
        UInt128[] after = RowDigest.Compute(After(rows), columns, DigestDomain.Data);
        return [.. before.Zip(after, static (a, b) => a != b)];
    }

    private RecordBatch After(int[] rows) => rows.Length == 0
        ? Empty()
        : InterleaveKernel.Interleave(_rows.Schema, _updates, [.. rows.Select(row => _replacedBy[row])]);

    private RecordBatch Empty() => ConcatKernel.Concat(_rows.Schema, []);
}
