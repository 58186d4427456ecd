using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Events of the model as record batches: their columns, and <c>op</c>, which is <c>d</c> for deletes.</summary>
internal static class EventBatches
{
    public const string Operation = "op";

    public static Schema Schema(Layout layout, bool reversed)
    {
        IEnumerable<Field> fields = layout.Columns.Select(c => new Field(c.Name, ArrowColumns.TypeOf(c.Type), nullable: true));
        return new Schema([.. reversed ? fields.Reverse() : fields, new Field(Operation, StringType.Default, nullable: true)], null);
    }

    /// <param name="layout">The columns.</param>
    /// <param name="events">One or more.</param>
    /// <param name="schema">The order of columns.</param>
    /// <param name="sliced">Makes arrays that begin and end with rows which do not belong to the batch.</param>
    public static RecordBatch Of(Layout layout, IReadOnlyList<Event> events, Schema schema, bool sliced)
    {
        Event[] rows = sliced ? [events[^1], events[0], .. events, events[0]] : [.. events];
        IEnumerable<IArrowArray> columns = schema.FieldsList.Select(f => Column(layout, rows, f.Name));
        return new RecordBatch(schema, sliced ? columns.Select(c => ArrowArrayFactory.Slice(c, 2, events.Count)) : columns, events.Count);
    }

    /// <summary>The digest by which the product decides ties: over the columns that the table keeps.</summary>
    public static UInt128 Digest(Layout layout, Event e)
    {
        Schema schema = Schema(layout, reversed: false);
        RecordBatch batch = Of(layout, [e], schema, sliced: false);
        return RowDigest.Compute(batch, [.. Enumerable.Range(0, layout.Columns.Count)], DigestDomain.Event)[0];
    }

    private static IArrowArray Column(Layout layout, Event[] events, string name)
    {
        int position = layout.Columns.ToList().FindIndex(c => c.Name == name);
        return position < 0
            ? ArrowColumns.ToArray(ColumnType.Text, [.. events.Select(e => e.IsDelete ? "d" : "u")])
            : ArrowColumns.ToArray(layout.Columns[position].Type, [.. events.Select(e => e.Row[position])]);
    }
}
