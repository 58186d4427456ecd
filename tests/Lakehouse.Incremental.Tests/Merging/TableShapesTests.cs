using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

public sealed class TableShapesTests
{
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Without_deletion_vectors_files_are_rewritten_and_the_rows_are_the_same(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();
        DeltaTable marked = await Orders.TableAsync(flow, new InMemoryTableStorage());
        DeltaTable rewritten = await Orders.TableAsync(flow, new InMemoryTableStorage(), deletionVectors: false);
        string[][] batches = [["a 1 x", "b 1 x", "c 1 x", "d 1 x"], ["a 2 y", "b 2 -"], ["c 3 z", "b 1 late", "a 1 late"]];

        foreach (string[] batch in batches)
        {
            await flow.ApplyAsync(Orders.Batch(batch), marked);
            await flow.ApplyAsync(Orders.Batch(batch), rewritten);
        }

        (await Orders.RowsAsync(rewritten)).Should().Equal(await Orders.RowsAsync(marked));
        rewritten.CurrentSnapshot.Files.Should().OnlyContain(f => f.DeletionVector == null);
        marked.CurrentSnapshot.Files.Should().Contain(f => f.DeletionVector != null);
    }

    [Fact]
    public async Task A_row_moves_between_partitions_when_its_value_does()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), flow.TargetSchema(Orders.Events), new() { PartitionColumns = ["status"], ChangeDataFeed = true });

        await flow.ApplyAsync(Orders.Batch("a 1 open/now", "b 1 _", "c 1 open/now"), table);
        await flow.ApplyAsync(Orders.Batch("a 2 paid", "b 2 open/now"), table);

        (await Orders.RowsAsync(table)).Should().Equal("a 2 paid", "b 2 open/now", "c 1 open/now");
        (await Orders.ChangesAsync(table, 2)).Order().Should().Equal(
            "update_postimage a 2 paid", "update_postimage b 2 open/now", "update_preimage a 1 open/now", "update_preimage b 1 null");
        table.CurrentSnapshot.Files.Select(f => f.PartitionValues["status"]).Should().BeEquivalentTo(["paid", "open/now", "open/now"]);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("status")]
    public async Task An_empty_value_in_a_partition_column_is_refused_and_nothing_is_written(string partitionColumn)
    {
        MergeFlow flow = Orders.Flow().Build();
        InMemoryTableStorage storage = new();
        DeltaTable table = await DeltaTable.CreateAsync(storage, flow.TargetSchema(Orders.Events), new() { PartitionColumns = [partitionColumn] });
        await flow.ApplyAsync(Orders.Batch("a 1 open"), table);
        int files = await CountAsync();

        Func<Task> apply = () => flow.ApplyAsync(Orders.Batch(partitionColumn == "id" ? " 2 open" : "a 2 ", "b 2 open"), table);

        InvalidRowsException error = (await apply.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.EmptyPartitionValue, 1));
        (await CountAsync()).Should().Be(files);
        (await Orders.RowsAsync(table)).Should().Equal("a 1 open");

        async Task<int> CountAsync()
        {
            int count = 0;
            await foreach (StoredFile _ in storage.ListAsync(""))
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public async Task Wide_and_nested_types_come_through_a_merge()
    {
        Schema schema = new(
            [
                new Field("id", new Decimal128Type(38, 10), true), new Field("seq", new TimestampType(TimeUnit.Microsecond, (string?)null), true),
                new Field("nested", new StructType([new Field("tags", new ListType(new Field("element", StringType.Default, true)), true), new Field("day", Date32Type.Default, true)]), true),
                new Field("bytes", BinaryType.Default, true),
            ],
            null);
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("seq").StoredAs(ScdType.Type2).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(schema));

        await flow.ApplyAsync(Row(schema, 1, "x"), table);
        await flow.ApplyAsync(Row(schema, 3, "y"), table);
        await flow.ApplyAsync(Row(schema, 2, "x"), table);

        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync())
        {
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join(" | ", batch.Arrays.Select(a => CellText.Format(a, row)))));
        }

        rows.Order().Should().Equal(
            "12345678901234567890123456.0123456789 | 1970-01-01T00:00:00.000002 | {tags: [x, null], day: 2024-02-29} | 0x0001 | 1970-01-01T00:00:00.000001 | 1970-01-01T00:00:00.000003 | false",
            "12345678901234567890123456.0123456789 | 1970-01-01T00:00:00.000003 | {tags: [y, null], day: 2024-02-29} | 0x0001 | 1970-01-01T00:00:00.000003 | null | true");
    }

    private static RecordBatch Row(Schema schema, long at, string tag)
    {
        ListArray.Builder tags = new(new Field("element", StringType.Default, true));
        tags.Append();
        ((StringArray.Builder)tags.ValueBuilder).Append(tag).AppendNull();
        StructArray nested = new(
            schema.GetFieldByIndex(2).DataType, 1, [tags.Build(), new Date32Array.Builder().Append(new DateOnly(2024, 2, 29)).Build()], ArrowBuffer.Empty, 0);
        return new RecordBatch(
            schema,
            [
                ConstantArray.Create(schema.GetFieldByIndex(0).DataType, Int128.Parse("123456789012345678901234560123456789"), 1),
                ConstantArray.Create(schema.GetFieldByIndex(1).DataType, at, 1), nested, new BinaryArray.Builder().Append([0, 1]).Build(),
            ],
            1);
    }
}
