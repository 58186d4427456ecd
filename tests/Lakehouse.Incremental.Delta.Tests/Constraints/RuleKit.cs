using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Constraints;

/// <summary>Tables with rules, and their rows as text.</summary>
internal static class RuleKit
{
    public static Field Long(string name, params (string Key, string Value)[] metadata) => Of(name, Int64Type.Default, metadata);

    public static Field Text(string name, params (string Key, string Value)[] metadata) => Of(name, StringType.Default, metadata);

    public static Field Of(string name, IArrowType type, params (string Key, string Value)[] metadata) =>
        new(name, type, true, metadata.ToDictionary(static entry => entry.Key, static entry => entry.Value));

    public static Field Required(this Field field) => new(field.Name, field.DataType, false, field.Metadata);

    public static Task<DeltaTable> CreateAsync(ITableStorage storage, Field[] fields, params (string Key, string Value)[] properties) =>
        CreateAsync(storage, fields, new DeltaTableCreateOptions(), properties);

    public static Task<DeltaTable> CreateAsync(
        ITableStorage storage, Field[] fields, DeltaTableCreateOptions create, params (string Key, string Value)[] properties) =>
            DeltaTable.CreateAsync(
            storage,
            new Schema(fields, null),
            create with { Properties = properties.ToDictionary(static p => p.Key, static p => p.Value) },
            Kit.Options);

    public static RecordBatch Longs(string name, params long?[] values) => Batch((name, LongArray(values)));

    public static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema([.. columns.Select(static c => new Field(c.Name, c.Array.Data.DataType, true))], null),
        columns.Select(static c => c.Array),
        columns[0].Array.Length);

    public static Int64Array LongArray(params long?[] values)
    {
        Int64Array.Builder builder = new();
        foreach (long? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    public static StringArray TextArray(params string?[] values)
    {
        StringArray.Builder builder = new();
        foreach (string? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    /// <summary>All rows, each as its cells with bars between, sorted.</summary>
    public static async Task<string[]> RowsAsync(this DeltaTable table)
    {
        List<RecordBatch> batches = await (await DeltaTable.OpenAsync(table.Storage)).ReadAsync().ListAsync();
        return
        [
            .. batches.SelectMany(static batch => Enumerable.Range(0, batch.Length)
                .Select(row => string.Join("|", batch.Arrays.Select(array => CellText.Format(array, row))))).Order(StringComparer.Ordinal),
        ];
    }

    public static async Task<LakehouseException> RefusedAsync(Func<Task> act) => (await act.Should().ThrowAsync<LakehouseException>()).Which;
}
