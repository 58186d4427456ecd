using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Explain;

/// <summary>Each cell names the event that authored it, whatever its type.</summary>
public sealed class ExplainCellsTests
{
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_cell_is_set_inherited_or_set_by_nobody(ScdType scdType)
    {
        ExplainKit kit = await ExplainKit.OfAsync(Orders.Flow(scdType).IgnoreNullUpdates("status", "note").Build(), Orders.Events);
        await kit.MergeAsync("a 5 gone lost", "a 7 -", "a 10 x", "a 20 _ _");

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainedRow current = explanation.Rows[^1];
        current["seq"].Should().Be(new ExplainedCell("seq", "20", CellOrigin.Set, 4, null));
        current["status"].Should().Be(new ExplainedCell("status", "x", CellOrigin.Inherited, 3, null));
        current["note"].Should().Be(new ExplainedCell("note", "null", CellOrigin.Default, null, null), "nothing leaks through a delete");
        current.Events.Should().Equal(3, 4);
        current.Rule.Should().Contain("(2.12)");
        explanation.Events[3].Cells.Should().BeEmpty("it tells no cell");
        explanation.HasDrift.Should().BeFalse();
    }

    [Fact]
    public async Task An_explicit_null_is_set()
    {
        ExplainKit kit = await ExplainKit.OfAsync();
        await kit.MergeAsync("a 10 x note", "a 20 y _");

        (await kit.ExplainAsync("a")).Rows.Single()["note"].Should().Be(new ExplainedCell("note", "null", CellOrigin.Set, 2, null));
    }

    [Fact]
    public async Task Columns_of_a_group_go_by_the_groups_order()
    {
        Schema schema = new(
            [
                new Field("id", StringType.Default, true), new Field("seq", Int64Type.Default, true), new Field("v", StringType.Default, true),
                new Field("price_at", Int64Type.Default, true), new Field("price", Int64Type.Default, true),
            ],
            null);
        ExplainKit kit = await ExplainKit.OfAsync(MergeFlow.Named("g").Keys("id").SequenceBy("seq").SequenceGroup(["price_at"], "price").Build(), schema);
        await kit.MergeAsync(new RecordBatch(
            schema,
            [
                new StringArray.Builder().Append("a").Append("a").Append("a").Build(), new Int64Array.Builder().Append(10).Append(20).AppendNull().Build(),
                new StringArray.Builder().Append("x").Append("y").AppendNull().Build(), new Int64Array.Builder().Append(9).Append(5).Append(1).Build(),
                new Int64Array.Builder().Append(100).Append(200).Append(300).Build(),
            ],
            3));

        KeyExplanation explanation = await kit.ExplainAsync("a");

        ExplainKit.Events(explanation).Should().Equal("#1 null Upsert Overtaken · v1", "#2 10 Upsert Shown · v1", "#3 20 Upsert Shown · v1");
        explanation.Rows.Single()["price"].Should().Be(new ExplainedCell("price", "100", CellOrigin.Group, 2, null));
        explanation.Rows.Single()["v"].Should().Be(new ExplainedCell("v", "y", CellOrigin.Set, 3, null));
        explanation.Events[0].Rule.Should().Contain("(2.36)");
    }

    [Fact]
    public async Task Composite_keys_with_nulls_and_decimals_are_found_and_nested_values_are_told()
    {
        Decimal128Type price = new(12, 2);
        StructType nested = new([new Field("n", Int32Type.Default, true), new Field("s", StringType.Default, true)]);
        Schema schema = new(
            [
                new Field("region", StringType.Default, true), new Field("price", price, true), new Field("seq", Int64Type.Default, true),
                new Field("tags", new ListType(new Field("element", StringType.Default, true)), true), new Field("more", nested, true), new Field("amount", price, true),
            ],
            null);
        ExplainKit kit = await ExplainKit.OfAsync(MergeFlow.Named("n").Keys("region", "price").SequenceBy("seq").NullSafeKeys().Build(), schema);
        ListArray.Builder tags = new(new Field("element", StringType.Default, true));
        StringArray.Builder texts = (StringArray.Builder)tags.ValueBuilder;
        tags.Append();
        texts.Append("a").AppendNull();
        tags.AppendNull();
        await kit.MergeAsync(new RecordBatch(
            schema,
            [
                new StringArray.Builder().AppendNull().Append("eu").Build(), ConstantArray.Create(price, (Int128)1050, 2), ConstantArray.Create(Int64Type.Default, 7L, 2),
                tags.Build(), new StructArray(nested, 2, [ConstantArray.Create(Int32Type.Default, 1, 2), ConstantArray.Create(StringType.Default, "é", 2)], ArrowBuffer.Empty, 0),
                ConstantArray.Create(price, (Int128)(-5), 2),
            ],
            2));

        KeyExplanation explanation = await kit.ExplainAsync(null, 10.5m);

        explanation.Key.Should().Be("(null, 10.50)");
        ExplainKit.Rows(explanation).Should().Equal(
            "AsExplained #1 v1: region=null(Set #1) price=10.50(Set #1) seq=7(Set #1) tags=[a, null](Set #1) more={n: 1, s: é}(Set #1) amount=-0.05(Set #1)");
        (await kit.ExplainAsync("eu", 10.5m)).Rows.Should().ContainSingle();
        (await kit.ExplainAsync("us", 10.5m)).IsKnown.Should().BeFalse();
    }

    [Fact]
    public async Task A_column_that_came_later_is_set_by_nobody_in_older_events()
    {
        Schema wider = new([.. Orders.Events.FieldsList, new Field("extra", StringType.Default, true)], null);
        MergeFlow flow = Orders.Flow(ScdType.Type2).Build();
        ExplainKit kit = await ExplainKit.OfAsync(flow, Orders.Events);
        await kit.MergeAsync("a 10 x");
        await kit.Staging.Table.AddColumnsAsync([wider.GetFieldByName("extra")]);
        RecordBatch plain = Orders.Batch("a 20 y");
        await kit.MergeAsync(new RecordBatch(wider, [.. plain.Arrays, new StringArray.Builder().Append("more").Build()], 1));

        KeyExplanation explanation = await kit.ExplainAsync("a");

        explanation.HasDrift.Should().BeFalse(explanation.ToString());
        explanation.Rows.Select(static r => (r["extra"].Text, r["extra"].Origin)).Should().Equal(("null", CellOrigin.Default), ("more", CellOrigin.Set));
    }
}
