using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>A version of a table as plain values: what a reader must find. Never changed; each operation makes another.</summary>
internal sealed record ModelTable(IReadOnlyList<ModelColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    private readonly Lazy<string[]> _texts = new(() => TextsOf(Columns, Rows));

    public Schema Schema => new([.. Columns.Select(static column => new Field(column.Name, column.Type, column.Nullable))], null);

    /// <summary>The rows as texts that tell all values apart, sorted.</summary>
    public IReadOnlyList<string> Texts => _texts.Value;

    public RecordBatch ToBatch() => BatchOf(Columns, Rows);

    public static RecordBatch BatchOf(IReadOnlyList<ModelColumn> columns, IReadOnlyList<object?[]> rows)
    {
        Schema schema = new([.. columns.Select(static column => new Field(column.Name, column.Type, column.Nullable))], null);
        return new RecordBatch(schema, columns.Select((column, i) => Cells.Array(column.Type, [.. rows.Select(row => row[i])])), rows.Count);
    }

    public ModelTable Append(IReadOnlyList<object?[]> rows) => new(Columns, [.. Rows, .. rows]);

    public ModelTable Where(Func<object?[], bool> condition) => new(Columns, [.. Rows.Where(condition)]);

    public ModelTable Add(ModelColumn column) => new([.. Columns, column], [.. Rows.Select(static row => (object?[])[.. row, null])]);

    public ModelTable Drop(int at) =>
        new([.. Columns.Where((_, i) => i != at)], [.. Rows.Select(row => (object?[])[.. row.Where((_, i) => i != at)])]);

    public ModelTable Rename(int at, string name) => With(at, Columns[at] with { Name = name }, static value => value);

    public ModelTable Widen(int at, IArrowType type) =>
        With(at, Columns[at] with { Type = type }, value => Widening.Convert(value, Columns[at].Type, type));

    /// <summary>A struct column with another field, null in all rows that have the struct.</summary>
    public ModelTable AddField(int at, Field field)
    {
        StructType type = new([.. ((StructType)Columns[at].Type).Fields, field]);
        return With(at, Columns[at] with { Type = type }, static value => value is object?[] fields ? (object?[])[.. fields, null] : null);
    }

    private ModelTable With(int at, ModelColumn column, Func<object?, object?> convert) => new(
        [.. Columns.Select((old, i) => i == at ? column : old)],
        [.. Rows.Select(row => (object?[])[.. row.Select((value, i) => i == at ? convert(value) : value)])]);

    private static string[] TextsOf(IReadOnlyList<ModelColumn> columns, IReadOnlyList<object?[]> rows)
    {
        List<string> texts = DataFiles.Cells.Rows(BatchOf(columns, rows));
        texts.Sort(StringComparer.Ordinal);
        return [.. texts];
    }
}
