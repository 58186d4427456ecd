using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Tables and sources of a key, a number and a text, written as words: "1 10 a", with "_" for null.</summary>
internal static class MergeKit
{
    public static Schema Columns { get; } = Schema("id", "n", "t");

    /// <summary>The columns id and n are whole numbers, those whose names begin with d are doubles, all others are texts.</summary>
    public static Schema Schema(params string[] names) => new([.. names.Select(name => new Field(name, TypeOf(name), true))], null);

    public static RecordBatch Rows(params string[] rows) => Rows(Columns, rows);

    public static RecordBatch Rows(Schema schema, params string[] rows)
    {
        string[][] cells = [.. rows.Select(row => row.Split(' '))];
        IArrowArray[] columns = [.. schema.FieldsList.Select((field, i) => Column(field.DataType, [.. cells.Select(row => row[i])]))];
        return new RecordBatch(schema, columns, rows.Length);
    }

    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema([.. columns.Select(column => new Field(column.Name, column.Array.Data.DataType, true))], null),
        columns.Select(column => column.Array),
        columns[0].Array.Length);

    public static Int32Array Ints(params int[] values) => new Int32Array.Builder().AppendRange(values).Build();

    public static Int64Array Longs(params long[] values) => new Int64Array.Builder().AppendRange(values).Build();

    public static StructArray Struct(params (string Name, IArrowArray Array)[] fields) => new(
        new StructType([.. fields.Select(field => new Field(field.Name, field.Array.Data.DataType, true))]),
        fields[0].Array.Length,
        fields.Select(field => field.Array),
        ArrowBuffer.Empty);

    /// <summary>Lists of one element each.</summary>
    public static ListArray List(IArrowArray elements)
    {
        ListType type = new(new Field("element", elements.Data.DataType, true));
        ArrowBuffer.Builder<int> offsets = new();
        offsets.AppendRange(Enumerable.Range(0, elements.Length + 1));
        return new ListArray(type, elements.Length, offsets.Build(), elements, ArrowBuffer.Empty);
    }

    public static async Task<DeltaTable> TableAsync(RecordBatch rows, DeltaTableCreateOptions? create = null, ITableStorage? storage = null)
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            storage ?? new InMemoryTableStorage(), rows.Schema, create, new DeltaTableOptions { IdSource = IdSource.Sequential(1) });
        if (rows.Length > 0)
        {
            await table.AppendAsync(rows);
        }

        return table;
    }

    /// <summary>The rows of a table as words, sorted.</summary>
    public static async Task<string[]> RowsAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Words(batch));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>The changes of a version as words: "update_preimage 1 10 a".</summary>
    public static async Task<string[]> ChangesAsync(DeltaTable table, long version)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadChangesAsync(version, version))
        {
            int type = batch.Schema.GetFieldIndex("_change_type");
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row =>
                $"{CellText.Format(batch.Column(type), row)} {string.Join(' ', Enumerable.Range(0, type).Select(c => Word(batch, c, row)))}"));
        }

        return [.. rows];
    }

    public static IEnumerable<string> Words(RecordBatch batch) => Enumerable.Range(0, batch.Length)
        .Select(row => string.Join(' ', Enumerable.Range(0, batch.ColumnCount).Select(column => Word(batch, column, row))));

    private static string Word(RecordBatch batch, int column, int row) =>
        CellText.Format(batch.Column(column), row) is var text && text == "null" ? "_" : text;

    private static IArrowType TypeOf(string name) => name is "id" or "n" ? Int64Type.Default
        : name.StartsWith('d') ? DoubleType.Default
        : StringType.Default;

    private static IArrowArray Column(IArrowType type, string[] words)
    {
        switch (type)
        {
            case Int64Type:
                Int64Array.Builder longs = new();
                foreach (string word in words)
                {
                    longs.Append(word == "_" ? null : long.Parse(word));
                }

                return longs.Build();
            case DoubleType:
                DoubleArray.Builder doubles = new();
                foreach (string word in words)
                {
                    doubles.Append(word == "_" ? null : double.Parse(word));
                }

                return doubles.Build();
            default:
                StringArray.Builder texts = new();
                foreach (string word in words)
                {
                    _ = word == "_" ? texts.AppendNull() : texts.Append(word);
                }

                return texts.Build();
        }
    }
}
