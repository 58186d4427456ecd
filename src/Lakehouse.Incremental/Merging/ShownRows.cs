using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;
using Lakehouse.Incremental.Scd2;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>What the columns that a flow writes itself say in rows of its table.</summary>
internal sealed class ShownRows
{
    private readonly bool _isHistory;
    private readonly EncodedRows? _starts;
    private readonly EncodedRows? _ends;
    private readonly IArrowArray? _end;
    private readonly BooleanArray? _isCurrent;
    private readonly BooleanArray? _isDeleted;

    public ShownRows(MergeTarget target, RecordBatch rows)
    {
        MergeConfiguration flow = target.Flow;
        _isHistory = flow.IsHistory;
        bool soft = flow.DeleteMode == DeleteMode.Soft;
        string? end = _isHistory ? flow.History.End : soft ? TargetColumns.DeletedAt : null;
        _starts = _isHistory ? SequenceEncoding.Encode(rows, flow.History.Start, flow.Position.Count) : null;
        _ends = end is null ? null : SequenceEncoding.Encode(rows, end, flow.Position.Count);
        _end = end is null ? null : Column(end);
        _isCurrent = _isHistory && flow.History.IsCurrent is { } current ? (BooleanArray)Column(current) : null;
        _isDeleted = soft ? (BooleanArray)Column(_isHistory ? flow.History.IsDeleted : TargetColumns.IsDeleted) : null;

        IArrowArray Column(string name) => rows.Column(rows.Schema.PositionOf(name));
    }

    public ReadOnlySpan<byte> Start(int row) => _starts![row];

    public ReadOnlySpan<byte> End(int row) => _ends![row];

    public bool IsOpen(int row) => _end!.IsNull(row);

    public bool IsDeleted(int row) => _isDeleted?.GetValue(row) == true;

    /// <summary>True when a row shows just what a run is to show.</summary>
    public bool Equals(int row, TimelineRun run, EventSources sources)
    {
        TimelineEvent? end = _isHistory ? run.End : run.IsMarked ? run.Start : null;
        bool sameEnd = _ends is null || (end is { } e
            ? !_end!.IsNull(row) && _ends[row].SequenceEqual(sources.Position(e))
            : _end!.IsNull(row));
        return sameEnd
            && (_isCurrent is null || _isCurrent.GetValue(row) == run.End is null)
            && (_isDeleted is null || _isDeleted.GetValue(row) == run.IsMarked)
            && SameData(new TimelineEvent(TimelineEvent.Visible, row), run.Row, sources);
    }

    private static bool SameData(TimelineEvent shown, TimelineRow wanted, EventSources sources) =>
        wanted.Cells is null && wanted.Top == shown
        || (sources.Order(shown).SequenceEqual(sources.Order(wanted.Top)) && sources.SameCells(new TimelineRow(shown, null), wanted));
}
