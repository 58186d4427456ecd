using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Merging;

/// <summary>Makes rows of the table from runs.</summary>
internal static class RunRows
{
    public static RecordBatch Build(MergeTarget target, EventSources sources, IReadOnlyList<TimelineRun> runs)
    {
        MergeLayout layout = target.Layout;
        RecordBatch[] data = [.. sources.Lists.Select(static l => l.Rows)];
        RowRef[] tops = Refs(runs.Select(static r => (TimelineEvent?)r.Row.Top));
        bool composed = runs.Any(static r => r.Row.Cells is not null);
        Dictionary<string, IArrowArray> columns = new(StringComparer.Ordinal);
        foreach (int position in layout.Keys.Concat(layout.Order))
        {
            columns.Add(layout.Data.GetFieldByIndex(position).Name, Data(position, tops));
        }

        for (int cell = 0; cell < layout.Rest.Length; cell++)
        {
            RowRef[] authors = composed ? Refs(runs.Select(r => r.Row.Author(cell) is var author && author == TimelineEvent.None ? (TimelineEvent?)null : author)) : tops;
            columns.Add(layout.Data.GetFieldByIndex(layout.Rest[cell]).Name, Data(layout.Rest[cell], authors));
        }

        AddOwn(target, columns, runs, data);
        return new RecordBatch(layout.Table, layout.Table.FieldsList.Select(f => columns[f.Name]), runs.Count);

        IArrowArray Data(int position, RowRef[] rows) =>
            InterleaveKernel.Interleave(layout.Data.GetFieldByIndex(position).DataType, [.. data.Select(d => d.Column(position))], rows);
    }

    private static void AddOwn(MergeTarget target, Dictionary<string, IArrowArray> columns, IReadOnlyList<TimelineRun> runs, RecordBatch[] data)
    {
        MergeConfiguration flow = target.Flow;
        bool soft = flow.DeleteMode == DeleteMode.Soft;
        if (flow.IsHistory)
        {
            columns.Add(flow.History.Start, Positions(target.Layout, flow.History.Start, data, Refs(runs.Select(static r => (TimelineEvent?)r.Start))));
            columns.Add(flow.History.End, Positions(target.Layout, flow.History.End, data, Refs(runs.Select(static r => r.End))));
            if (flow.History.IsCurrent is { } isCurrent)
            {
                columns.Add(isCurrent, Marks(runs.Select(static r => r.End is null)));
            }
        }
        else if (soft)
        {
            columns.Add(TargetColumns.DeletedAt, Positions(target.Layout, TargetColumns.DeletedAt, data, Refs(runs.Select(static r => r.IsMarked ? r.Start : (TimelineEvent?)null))));
        }

        if (soft)
        {
            columns.Add(flow.IsHistory ? flow.History.IsDeleted : TargetColumns.IsDeleted, Marks(runs.Select(static r => r.IsMarked)));
        }
    }

    /// <summary>Positions of events as one column: a struct when several columns make a position.</summary>
    private static IArrowArray Positions(MergeLayout layout, string column, RecordBatch[] data, RowRef[] rows)
    {
        IArrowArray[] parts = [.. layout.Position.Select(c =>
            InterleaveKernel.Interleave(layout.Data.GetFieldByIndex(c).DataType, [.. data.Select(d => d.Column(c))], rows))];
        if (layout.Table.GetFieldByName(column).DataType is not StructType composite || layout.Position.Length == 1)
        {
            return parts[0];
        }

        byte[] validity = new byte[(rows.Length + 7) / 8];
        for (int row = 0; row < rows.Length; row++)
        {
            BitUtility.SetBit(validity, row, rows[row] != RowRef.Null);
        }

        return new StructArray(composite, rows.Length, parts, new ArrowBuffer(validity), rows.Count(static r => r == RowRef.Null));
    }

    private static IArrowArray Marks(IEnumerable<bool> marks) => ManagedCopy.Copy(new BooleanArray.Builder().AppendRange(marks).Build());

    private static RowRef[] Refs(IEnumerable<TimelineEvent?> events) => [.. events.Select(static e => e is { } x ? new RowRef(x.Source, x.Row) : RowRef.Null)];
}
