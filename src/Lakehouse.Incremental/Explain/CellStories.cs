using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Explain;

/// <summary>Tells of each cell of a row which event authored it.</summary>
internal sealed class CellStories
{
    private readonly KeyTimeline _key;
    private readonly RecordBatch _expected;
    private readonly RecordBatch _found;
    private readonly MergeLayout _layout;

    /// <param name="key">The timeline.</param>
    /// <param name="expected">The rows it makes.</param>
    /// <param name="found">The rows of the target.</param>
    public CellStories(KeyTimeline key, RecordBatch expected, RecordBatch found) => (_key, _expected, _found, _layout) = (key, expected, found, key.Session.Layout);

    public IReadOnlyList<ExplainedCell> Of(int run, int? found, RowStatus status) => [.. _layout.Table.FieldsList.Select((field, column) =>
    {
        (CellOrigin origin, int? author) = AuthorOf(_key.Rows[run], run == _key.Rows.Count - 1, field.Name);
        string expected = CellText.Format(_expected.Column(column), run);
        if (found is not { } row)
        {
            return new ExplainedCell(field.Name, expected, origin, author, null);
        }

        bool differs = status == RowStatus.Different
            && (_found.Column(column).IsNull(row) != _expected.Column(column).IsNull(run) || !string.Equals(expected, CellText.Format(_found.Column(column), row), StringComparison.Ordinal));
        return new ExplainedCell(field.Name, CellText.Format(_found.Column(column), row), origin, author, differs ? expected : null);
    })];

    /// <summary>The cells of a row that no event makes.</summary>
    public IReadOnlyList<ExplainedCell> Found(int row) => [.. _layout.Table.FieldsList.Select((field, column) =>
        new ExplainedCell(field.Name, CellText.Format(_found.Column(column), row), CellOrigin.Unknown, null, null))];

    private (CellOrigin Origin, int? Author) AuthorOf(TimelineRun run, bool isLast, string column)
    {
        int position = _layout.Data.PositionOf(column);
        if (position < 0)
        {
            return (CellOrigin.Flow, OfFlow(run, column) is { } e ? _key.NumberOf(e) : null);
        }

        int cell = System.Array.IndexOf(_layout.Rest, position);
        TimelineEvent author = cell < 0 ? run.Row.Top : run.Row.Author(cell);

        // An event that changes a key answers for the cells that nobody set, too.
        return author == TimelineEvent.None ? (CellOrigin.Default, null)
            : cell >= 0 && !_key.Sources.Sets(author, cell) ? (CellOrigin.Default, _key.NumberOf(author))
            : (OriginOf(run, isLast, author, position), _key.NumberOf(author));
    }

    private CellOrigin OriginOf(TimelineRun run, bool isLast, TimelineEvent author, int position) =>
        author == run.Row.Top ? CellOrigin.Set
        : _layout.Groups.Any(g => g.Sequence.Contains(position) || g.Columns.Contains(position)) ? CellOrigin.Group
        : _key.IsOfFormerKey(author) || _key.Sources.ChangesKey(run.Row.Top) ? CellOrigin.FormerKey
        : !isLast && _key.Session.Flow.UntrackedScope == UntrackedScope.AllVersions && !_layout.Tracked.Contains(position) ? CellOrigin.LatestVersion
        : _key.Sources.Position(author).SequenceEqual(_key.Sources.Position(run.Row.Top)) ? CellOrigin.Set
        : CellOrigin.Inherited;

    /// <summary>The event that a column of the flow's own is about.</summary>
    private TimelineEvent? OfFlow(TimelineRun run, string column)
    {
        MergeConfiguration flow = _key.Session.Flow;
        bool isStart = flow.IsHistory ? string.Equals(column, flow.History.Start, StringComparison.Ordinal) : run.IsMarked;
        bool isDeleted = flow.IsHistory && string.Equals(column, flow.History.IsDeleted, StringComparison.Ordinal);
        return isStart || (isDeleted && run.IsMarked) ? run.Start : isDeleted ? null : run.End;
    }
}
