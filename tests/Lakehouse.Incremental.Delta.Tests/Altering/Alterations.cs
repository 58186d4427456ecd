using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Altering;

/// <summary>A table with a struct, a list and a partition column, and its rows as text.</summary>
internal static class Alterations
{
    public static readonly StructType Address = new([new Field("city", StringType.Default, true), new Field("zip", Int32Type.Default, true)]);

    public static readonly Schema Schema = new(
        [
            new Field("id", Int32Type.Default, true),
            new Field("address", Address, true),
            new Field("scores", new ListType(new Field("element", Int16Type.Default, true)), true),
            new Field("day", Date32Type.Default, true),
        ],
        null);

    public static DeltaTableCreateOptions Mapped(string mode) => new()
    {
        PartitionColumns = ["day"],
        ChangeDataFeed = true,
        Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = mode },
    };

    public static RecordBatch Rows(params int[] ids)
    {
        Int32Array.Builder id = new();
        StringArray.Builder city = new();
        Int32Array.Builder zip = new();
        ListArray.Builder scores = new(Int16Type.Default);
        Int16Array.Builder score = (Int16Array.Builder)scores.ValueBuilder;
        Date32Array.Builder day = new();
        foreach (int i in ids)
        {
            id.Append(i);
            city.Append($"c{i}");
            zip.Append(i * 100);
            scores.Append();
            score.Append((short)i);
            score.Append((short)-i);
            day.Append(new DateOnly(2024, 1, 1 + (i % 2)));
        }

        StructArray address = new(Address, ids.Length, [city.Build(), zip.Build()], ArrowBuffer.Empty);
        return new RecordBatch(Schema, [id.Build(), address, scores.Build(), day.Build()], ids.Length);
    }

    /// <summary>Each row as <c>column=value</c> in the order of the columns; sorted.</summary>
    public static async Task<string[]> DumpAsync(this DeltaTable table, long? version = null) =>
        [.. (await table.ReadAsync(new ReadOptions { Version = version }).ListAsync()).SelectMany(Lines).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Lines(RecordBatch batch) => Enumerable.Range(0, batch.Length).Select(row =>
        string.Join(' ', batch.Schema.FieldsList.Select((field, i) => $"{field.Name}={CellText.Format(batch.Column(i), row)}")));
}
