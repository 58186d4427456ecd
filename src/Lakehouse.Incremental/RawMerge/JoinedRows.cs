using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Pairs of a target and a source row, or rows of one side alone, to evaluate expressions on. Only columns that are asked for are put together.
/// </summary>
internal sealed class JoinedRows
{
    private readonly ColumnSides _sides;
    private readonly TargetValues? _target;
    private readonly RecordBatch? _source;
    private readonly int[] _targetRows;
    private readonly int[] _sourceRows;
    private readonly bool _isWhole;
    private readonly IArrowArray?[] _columns;
    private RowRun[]? _sourceRuns;

    private JoinedRows(ColumnSides sides, TargetValues? target, int[] targetRows, RecordBatch? source, int[] sourceRows, bool isWhole = false)
    {
        _sides = sides;
        (_target, _targetRows) = (target, targetRows);
        (_source, _sourceRows) = (source, sourceRows);
        _isWhole = isWhole;
        _columns = new IArrowArray?[sides.Schema.Fields.Count];
    }

    public int Count => _target is null ? _sourceRows.Length : _targetRows.Length;

    /// <summary>The target row of each row; empty for rows of the source.</summary>
    public int[] TargetRows => _targetRows;

    /// <summary>The source row of each row; empty for rows of the target.</summary>
    public int[] SourceRows => _sourceRows;

    /// <summary>The target and the source row of each row, -1 for none.</summary>
    public IReadOnlyList<(int Target, int Source)> Origins =>
        [.. Enumerable.Range(0, Count).Select(row => (_target is null ? -1 : _targetRows[row], _source is null ? -1 : _sourceRows[row]))];

    /// <param name="sides">The columns.</param>
    /// <param name="target">The columns of the target that expressions read.</param>
    /// <param name="targetRows">The target row of each pair.</param>
    /// <param name="source">The source.</param>
    /// <param name="sourceRows">The source row of each pair.</param>
    public static JoinedRows Pairs(ColumnSides sides, TargetValues target, int[] targetRows, RecordBatch source, int[] sourceRows) =>
        new(sides, target, targetRows, source, sourceRows);

    public static JoinedRows OfTarget(ColumnSides sides, TargetValues target, int[] rows) => new(sides, target, rows, null, []);

    /// <summary>All rows of the target that were read; values are not copied.</summary>
    public static JoinedRows OfTarget(ColumnSides sides, TargetValues target, int count) => new(sides, target, All(count), null, [], isWhole: true);

    public static JoinedRows OfSource(ColumnSides sides, RecordBatch source, int[] rows) => new(sides, null, [], source, rows);

    /// <summary>All rows of a batch from 0 on.</summary>
    public static int[] All(int count)
    {
        int[] all = new int[count];
        for (int row = 0; row < all.Length; row++)
        {
            all[row] = row;
        }

        return all;
    }

    public IArrowArray Evaluate(BoundExpression expression) => expression.Evaluate(With(expression));

    public bool[] Holds(BoundExpression condition) => condition.Holds(With(condition));

    /// <summary>The values of a column of the target, also of one that expressions do not see.</summary>
    public IArrowArray TargetColumn(int position) => _target!.Take(position, _targetRows);

    /// <summary>Whether a column is one of the target.</summary>
    public bool IsTarget(int position) => _sides.IsTarget(position);

    /// <summary>Puts columns together that will be asked for, on several threads. What is asked for later costs nothing then.</summary>
    /// <param name="positions">Positions of columns of the source.</param>
    /// <param name="threads">How many threads there are.</param>
    public void Prepare(IEnumerable<int> positions, int threads)
    {
        _sourceRuns ??= RowRun.Of(_sourceRows).ToArray();
        Parallel.ForEach(positions, new ParallelOptions { MaxDegreeOfParallelism = threads }, position => _columns[position] ??= Gather(position));
    }

    /// <summary>Some of the rows, ascending.</summary>
    public JoinedRows Pick(IReadOnlyList<int> rows) => rows.Count == Count && !_isWhole
        ? this
        : new JoinedRows(_sides, _target, _target is null ? [] : Pick(_targetRows, rows), _source, _source is null ? [] : Pick(_sourceRows, rows));

    private static int[] Pick(int[] all, IReadOnlyList<int> rows)
    {
        int[] picked = new int[rows.Count];
        for (int i = 0; i < picked.Length; i++)
        {
            picked[i] = all[rows[i]];
        }

        return picked;
    }

    // Expressions find columns by position; the others only have to be there.
    private RecordBatch With(BoundExpression expression)
    {
        IArrowArray[] columns = new IArrowArray[_columns.Length];
        System.Array.Fill(columns, new NullArray(Count));
        foreach (int position in expression.Columns)
        {
            columns[position] = _columns[position] ??= Gather(position);
        }

        return new RecordBatch(_sides.ArrowSchema, columns, Count);
    }

    private IArrowArray Gather(int position) =>
        !_sides.IsTarget(position) ? OfSource(_source!.Column(position - _sides.TargetColumns))
        : _isWhole ? _target!.Column(position)
        : _target!.Take(position, _targetRows);

    // The runs are the same for all columns.
    private IArrowArray OfSource(IArrowArray column) => ArrowArrayFactory.BuildArray(
        GatherKernel.Gather(column.Data.DataType, [column.Data], _sourceRuns ??= RowRun.Of(_sourceRows).ToArray()));
}
