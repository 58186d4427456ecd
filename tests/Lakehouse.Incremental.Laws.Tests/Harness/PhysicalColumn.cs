using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>A column of events and tables: one of the model, or a struct of its sequence columns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parts">The positions of the model's columns in it.</param>
internal sealed record PhysicalColumn(string Name, int[] Parts)
{
    /// <summary>All of a layout, in its order.</summary>
    public static PhysicalColumn[] Of(Layout layout)
    {
        int[] all = [.. Enumerable.Range(0, layout.Columns.Length)];
        int first = layout.FirstValue - layout.Sequence.Length;
        return layout.StructSequence
            ? [.. Single(all[..first]), new(Layout.SequenceStruct, all[first..layout.FirstValue]), .. Single(all[layout.FirstValue..])]
            : [.. Single(all)];

        IEnumerable<PhysicalColumn> Single(int[] positions) => positions.Select(p => new PhysicalColumn(layout.Columns[p].Name, [p]));
    }

    public IArrowType TypeIn(Layout layout) => Name == Layout.SequenceStruct && layout.StructSequence
        ? new StructType([.. Parts.Select(p => new Field(layout.Columns[p].Name, ArrowColumns.TypeOf(layout.Columns[p].Type), nullable: true))])
        : ArrowColumns.TypeOf(layout.Columns[Parts[0]].Type);

    /// <param name="layout">Columns and rules.</param>
    /// <param name="rows">Rows of the model.</param>
    public IArrowArray ToArray(Layout layout, IReadOnlyList<object?[]> rows)
    {
        IArrowArray[] parts = [.. Parts.Select(p => ArrowColumns.ToArray(layout.Columns[p].Type, [.. rows.Select(row => row[p])]))];
        if (TypeIn(layout) is not StructType type)
        {
            return parts[0];
        }

        // A struct of nothing but nulls is null itself.
        ArrowBuffer.BitmapBuilder there = new();
        there.AppendRange(rows.Select(row => Parts.Any(p => row[p] is not null)));
        return new StructArray(type, rows.Count, parts, there.Build(), there.UnsetBitCount);
    }
}
