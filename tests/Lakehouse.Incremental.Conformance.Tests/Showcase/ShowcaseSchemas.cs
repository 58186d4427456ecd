using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Conformance.Tests.Showcase.ShowcaseRows;
using static Lakehouse.Incremental.Conformance.Tests.Showcase.ShowcaseTables;

namespace Lakehouse.Incremental.Conformance.Tests.Showcase;

/// <summary>Tables whose columns change, have rules, or are kept by the merge engine.</summary>
internal static class ShowcaseSchemas
{
    public static IReadOnlyList<ShowcaseTable> All =>
    [
        Mapped("column_mapping_name", "name"),
        Mapped("column_mapping_id", "id"),
        new("type_widening", async folder =>
        {
            Schema narrow = new([new Field("n", Int32Type.Default, true), new Field("d", new Decimal128Type(6, 2), true), new Field("t", Date32Type.Default, true)], null);
            DeltaTable table = await DeltaTable.CreateAsync(folder, narrow, new() { Properties = Properties(("delta.enableTypeWidening", "true")) });
            await table.AppendAsync(Constant(narrow, 7, (Int128)123_45, 19_000));
            await table.WidenColumnAsync("n", Int64Type.Default);
            await table.WidenColumnAsync("d", new Decimal128Type(20, 4));
            await table.WidenColumnAsync("t", new TimestampType(TimeUnit.Microsecond, (string?)null));
            Schema wide = table.CurrentSnapshot.Schema;
            RecordBatch second = Constant(wide, 1L << 40, (Int128)1_0001, 1_700_000_000_000_001L);
            await table.AppendAsync(second);
            return (table, [Constant(wide, 7L, (Int128)123_4500, 19_000 * 86_400_000_000L), second]);
        }),
        new("columns_added", async folder =>
        {
            DeltaTable table = await CreateAsync(folder, new(), 1, 5);
            await table.AddColumnsAsync([new Field("more", StringType.Default, true)]);
            RecordBatch old = Of(Range(1, 5));
            return (table, [With(old, [.. CellsOf(old), ("more", NullArrays.Create(StringType.Default, 5))])]);
        }),
        new("check_constraints", async folder =>
        {
            DeltaTable table = await CreateAsync(folder, new(), 1, 20);
            await table.AddConstraintAsync("positive", "id > 0 AND (amount IS NULL OR amount < 1000)");
            await table.AppendAsync(Of(Range(21, 25)));
            return (table, [Of(Range(1, 25))]);
        }),
        new("generated_columns", async folder =>
        {
            Field year = new("year", Int32Type.Default, true, new Dictionary<string, string> { ["delta.generationExpression"] = "year(day)" });
            DeltaTable table = await DeltaTable.CreateAsync(folder, new Schema([.. ShowcaseRows.Columns.FieldsList, year], null));
            RecordBatch rows = Of(Range(1, 10));
            await table.AppendAsync(rows);
            return (table, [With(rows, [.. CellsOf(rows), ("year", ConstantArray.Create(Int32Type.Default, 2024, rows.Length))])]);
        }),
        new("column_defaults", async folder =>
        {
            Field status = new("status", StringType.Default, true, new Dictionary<string, string> { ["CURRENT_DEFAULT"] = "'new'" });
            DeltaTableCreateOptions options = new() { Properties = Properties(("delta.feature.allowColumnDefaults", "supported")) };
            DeltaTable table = await DeltaTable.CreateAsync(folder, new Schema([.. ShowcaseRows.Columns.FieldsList, status], null), options);
            RecordBatch rows = Of(Range(1, 10));
            await table.AppendAsync(rows);
            return (table, [With(rows, [.. CellsOf(rows), ("status", ConstantArray.Create(StringType.Default, "new", rows.Length))])]);
        }),
        new("identity_columns", async folder =>
        {
            Field number = new("number", Int64Type.Default, true, new Dictionary<string, string>
            {
                ["delta.identity.start"] = "100", ["delta.identity.step"] = "10", ["delta.identity.allowExplicitInsert"] = "false",
            });
            DeltaTable table = await DeltaTable.CreateAsync(folder, new Schema([.. ShowcaseRows.Columns.FieldsList, number], null));
            RecordBatch rows = Of(Range(1, 3));
            await table.AppendAsync(rows);
            return (table, [With(rows, [.. CellsOf(rows), ("number", new Int64Array.Builder().AppendRange([100, 110, 120]).Build())])]);
        }),
        new("variant", async folder =>
        {
            StructType stored = new([new Field("metadata", BinaryType.Default, false), new Field("value", BinaryType.Default, false)]);
            Field variant = new("v", stored, true, new Dictionary<string, string> { ["ARROW:extension:name"] = "arrow.parquet.variant" });
            Schema schema = new([new Field("id", Int64Type.Default, true), variant], null);
            // An empty dictionary, and the number 7 as an 8-bit integer.
            StructArray values = new(stored, 1, [Bytes(1, 0, 0), Bytes(12, 7)], ArrowBuffer.Empty, 0);
            RecordBatch rows = new(schema, [ConstantArray.Create(Int64Type.Default, 1L, 1), values], 1);
            DeltaTable table = await DeltaTable.CreateAsync(folder, schema);
            await table.AppendAsync(rows);
            return (table, [rows]);
        }),
        Merged("merged", ScdType.Type1),
        Merged("merged_history", ScdType.Type2),
    ];

    private static ShowcaseTable Mapped(string name, string mode) => new(name, async folder =>
    {
        DeltaTable table = await CreateAsync(
            folder, new() { PartitionColumns = ["day"], Properties = Properties(("delta.columnMapping.mode", mode)) }, 1, 10);
        await table.RenameColumnAsync("id", "the key");
        await table.RenameColumnAsync("day", "at (day)");
        await table.DropColumnAsync("amount");
        await table.AddColumnsAsync([new Field("amount", Int64Type.Default, true)]);
        await table.DeleteAsync(Filter.Column("the key").EqualTo(4L));
        RecordBatch rows = Of(Range(1, 10).Where(static id => id != 4));
        return (table, [With(
            rows, ("the key", rows.Column(0)), ("name", rows.Column(1)), ("at (day)", rows.Column(3)), ("amount", NullArrays.Create(Int64Type.Default, rows.Length)))]);
    });

    private static ShowcaseTable Merged(string name, ScdType type) => new(name, async folder =>
    {
        MergeFlow flow = MergeFlow.Named(name).Keys("id").SequenceBy("seq").StoredAs(type).Build();
        DeltaTable table = await DeltaTable.CreateAsync(folder, flow.TargetSchema(Events((1, 1)).Schema), new() { ChangeDataFeed = true });
        await flow.ApplyAsync(Events((1, 1), (2, 1), (3, 1)), table);
        await flow.ApplyAsync(Events((2, 5), (4, 2)), table);
        if (type == ScdType.Type1)
        {
            return (table, [Events((1, 1), (2, 5), (3, 1), (4, 2))]);
        }

        RecordBatch rows = Events((1, 1), (2, 1), (2, 5), (3, 1), (4, 2));
        Int64Array ends = new Int64Array.Builder().AppendNull().Append(5).AppendNull().AppendNull().AppendNull().Build();
        BooleanArray current = new BooleanArray.Builder().AppendRange([true, false, true, true, true]).Build();
        return (table, [With(rows, [.. CellsOf(rows), ("__start_at", rows.Column(1)), ("__end_at", ends), ("__is_current", current)])]);
    });

    private static RecordBatch Events(params (long Id, long Sequence)[] events)
    {
        Schema schema = new([new Field("id", Int64Type.Default, true), new Field("seq", Int64Type.Default, true), new Field("state", StringType.Default, true)], null);
        return new RecordBatch(
            schema,
            [
                new Int64Array.Builder().AppendRange(events.Select(static e => e.Id)).Build(),
                new Int64Array.Builder().AppendRange(events.Select(static e => e.Sequence)).Build(),
                new StringArray.Builder().AppendRange(events.Select(static e => $"s{e.Sequence}")).Build(),
            ],
            events.Length);
    }

    private static RecordBatch Constant(Schema schema, params object[] values) =>
        new(schema, schema.FieldsList.Select((field, i) => ConstantArray.Create(field.DataType, values[i], 1)), 1);

    private static IEnumerable<(string, IArrowArray)> CellsOf(RecordBatch rows) => rows.Schema.FieldsList.Select((field, i) => (field.Name, rows.Column(i)));

    private static IArrowArray Bytes(params byte[] bytes) => ConstantArray.Create(BinaryType.Default, bytes, 1);
}
