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
    private readonly IReadOnlyList<IArrowArray?>? _target;
    private readonly IReadOnlyList<IArrowArray?>? _source;
    private readonly int[] _targetRows;
    private readonly int[] _sourceRows;
    private readonly IArrowArray?[] _columns;

    private JoinedRows(
        ColumnSides sides, IReadOnlyList<IArrowArray?>? target, int[] targetRows, IReadOnlyList<IArrowArray?>? source, int[] sourceRows)
    {
        _sides = sides;
        (_target, _targetRows) = (target, targetRows);
        (_source, _sourceRows) = (source, sourceRows);
        _columns = new IArrowArray?[sides.Schema.Fields.Count];
    }

    public int Count => _target is null ? _sourceRows.Length : _targetRows.Length;

    /// <summary>The target row of each row; empty for rows of the source.</summary>
    public IReadOnlyList<int> TargetRows => _targetRows;

    /// <summary>The source row of each row; empty for rows of the target.</summary>
    public IReadOnlyList<int> SourceRows => _sourceRows;

    /// <summary>The target and the source row of each row, -1 for none.</summary>
    public IReadOnlyList<(int Target, int Source)> Origins =>
        [.. Enumerable.Range(0, Count).Select(row => (_target is null ? -1 : _targetRows[row], _source is null ? -1 : _sourceRows[row]))];

    /// <param name="sides">The columns.</param>
    /// <param name="target">Columns of the target by position; those that no expression reads may be null.</param>
    /// <param name="targetRows">The target row of each pair.</param>
    /// <param name="source">Columns of the source by position.</param>
    /// <param name="sourceRows">The source row of each pair.</param>
    public static JoinedRows Pairs(
        ColumnSides sides, IReadOnlyList<IArrowArray?> target, int[] targetRows, IReadOnlyList<IArrowArray?> source, int[] sourceRows) =>
        new(sides, target, targetRows, source, sourceRows);

    public static JoinedRows OfTarget(ColumnSides sides, IReadOnlyList<IArrowArray?> target, int[] rows) => new(sides, target, rows, null, []);

    public static JoinedRows OfSource(ColumnSides sides, IReadOnlyList<IArrowArray?> source, int[] rows) => new(sides, null, [], source, rows);

    /// <summary>All rows of a batch from 0 on.</summary>
    public static int[] All(int count) => [.. Enumerable.Range(0, count)];

    public IArrowArray Evaluate(BoundExpression expression) => expression.Evaluate(With(expression));

    public bool[] Holds(BoundExpression condition) => condition.Holds(With(condition));

    /// <summary>Some of the rows.</summary>
    public JoinedRows Pick(IReadOnlyCollection<int> rows) => new(
        _sides,
        _target,
        _target is null ? [] : [.. rows.Select(row => _targetRows[row])],
        _source,
        _source is null ? [] : [.. rows.Select(row => _sourceRows[row])]);

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

    private IArrowArray Gather(int position) => _sides.IsTarget(position)
        ? TakeKernel.Take(_target![position]!, _targetRows)
        : TakeKernel.Take(_source![position - _sides.TargetColumns]!, _sourceRows);
}
