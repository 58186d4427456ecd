using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A sequence may be one column that is a struct: it orders as its fields do.</summary>
public sealed class StructSequenceTests
{
    private static readonly StructType Place = new([new Field("lsn", Int64Type.Default, true), new Field("ordinal", Int64Type.Default, true)]);

    private static readonly Schema Events = new(
        [new Field("id", StringType.Default, true), new Field("at", Place, true), new Field("value", StringType.Default, true)], null);

    [Theory]
    [InlineData(false, "a 2/1 new")]
    [InlineData(true, "a 2/1 new")]
    public async Task Type1_keeps_the_latest_and_knows_a_repeat_and_a_tie(bool changeData, string expected)
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("at").Build();
        DeltaTable table = await TableAsync(flow, changeData);
        await flow.ApplyAsync(Batch(1, 9, "old"), table);
        await flow.ApplyAsync(Batch(2, 1, "new"), table);

        MergeResult late = await flow.ApplyAsync(Batch(1, 10, "late"), table);
        MergeResult repeat = await flow.ApplyAsync(Batch(2, 1, "new"), table);
        MergeResult tie = await flow.ApplyAsync(Batch(2, 1, "other"), table);

        (late.Late, repeat.Duplicates, tie.Ties).Should().Be((1, 1, 1));
        (repeat.Updated, repeat.Inserted).Should().Be((0, 0));
        (await ValuesAsync(table)).Should().ContainSingle().Which.Should().BeOneOf(expected, "a 2/1 other");
    }

    [Fact]
    public async Task Type2_splits_a_period_and_leaves_the_others_alone()
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("at").StoredAs(ScdType.Type2).Build();
        DeltaTable table = await TableAsync(flow, false);
        await flow.ApplyAsync(Batch(1, 1, "x"), table);
        await flow.ApplyAsync(Batch(3, 1, "z"), table);

        MergeResult split = await flow.ApplyAsync(Batch(2, 1, "y"), table);
        MergeResult repeat = await flow.ApplyAsync(Batch(2, 1, "y"), table);

        (split.Inserted, split.Updated, split.Deleted).Should().Be((1, 1, 0));
        (repeat.Inserted + repeat.Updated + repeat.Deleted).Should().Be(0);
        (await ValuesAsync(table)).Should().Equal("a 1/1 x", "a 2/1 y", "a 3/1 z");
    }

    private static Task<DeltaTable> TableAsync(MergeFlow flow, bool changeData) =>
        DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(Events), new() { ChangeDataFeed = changeData });

    private static RecordBatch Batch(long lsn, long ordinal, string value)
    {
        StructArray at = new(
            Place, 1, [new Int64Array.Builder().Append(lsn).Build(), new Int64Array.Builder().Append(ordinal).Build()], ArrowBuffer.Empty, 0);
        return new RecordBatch(Events, [new StringArray.Builder().Append("a").Build(), at, new StringArray.Builder().Append(value).Build()], 1);
    }

    private static async Task<string[]> ValuesAsync(DeltaTable table)
    {
        List<string> rows = [];
        await foreach (RecordBatch batch in table.ReadAsync(["id", "at", "value"]))
        {
            StructArray at = (StructArray)batch.Column(1);
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(row =>
                $"{CellText.Format(batch.Column(0), row)} {CellText.Format(at.Fields[0], row)}/{CellText.Format(at.Fields[1], row)} {CellText.Format(batch.Column(2), row)}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
