using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>Rows of the tables of the showcase: an id, from which the other columns follow.</summary>
internal static class ShowcaseRows
{
    public static readonly Schema Columns = new(
        [
            new Field("id", Int64Type.Default, true),
            new Field("name", StringType.Default, true),
            new Field("amount", new Decimal128Type(12, 2), true),
            new Field("day", Date32Type.Default, true),
        ],
        null);

    private static readonly string?[] s_names = ["plain", "a b", "ä/ö", "100%", "x=y", "tab\there", null];

    public static RecordBatch Of(IEnumerable<long> ids) => Of(ids, static id => s_names[id % s_names.Length]);

    public static RecordBatch Of(IEnumerable<long> ids, Func<long, string?> name)
    {
        Int64Array.Builder id = new();
        StringArray.Builder names = new();
        Decimal128Array.Builder amount = new(new Decimal128Type(12, 2));
        Date32Array.Builder day = new();
        foreach (long i in ids)
        {
            id.Append(i);
            names.Append(name(i));
            amount.Append((i * 1.25m) - 3);
            day.Append(new DateOnly(2024, 1, 1).AddDays((int)(i % 3)));
        }

        return ManagedCopy.Copy(new RecordBatch(Columns, [id.Build(), names.Build(), amount.Build(), day.Build()], id.Length));
    }

    public static IEnumerable<long> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(static i => (long)i);

    /// <summary>The same rows under other names, with other columns, or both.</summary>
    public static RecordBatch With(RecordBatch rows, params (string Name, IArrowArray Values)[] columns) => new(
        new Schema([.. columns.Select(static c => new Field(c.Name, c.Values.Data.DataType, true))], null), columns.Select(static c => c.Values), rows.Length);
}
