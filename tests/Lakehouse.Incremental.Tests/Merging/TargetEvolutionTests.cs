using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>The schema of a target grows with its events, inside of structs and lists too.</summary>
public sealed class TargetEvolutionTests
{
    private static readonly Dictionary<string, string> Widening = new() { ["delta.enableTypeWidening"] = "true" };

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Fields_of_structs_come_and_types_inside_of_lists_widen(ScdType stored)
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("n").StoredAs(stored).Build();
        RecordBatch first = Batch(("id", Longs(1, 2)), ("n", Longs(1, 3)), ("p", Struct(("x", Ints(10, 20)))), ("l", List(Ints(1, 2))));
        RecordBatch second = Batch(
            ("id", Longs(1, 2)), ("n", Longs(2, 2)), ("p", Struct(("y", Longs(7, 8)), ("x", Ints(11, 21)))), ("l", List(Longs(5_000_000_000, 4))));
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), flow.TargetSchema(first.Schema), new() { Properties = Widening });

        await flow.ApplyAsync(first, table);
        await flow.ApplyAsync(second, table);
        await flow.ApplyAsync(first, table);

        string[] rows = [.. (await RowsAsync(table)).Where(row => stored == ScdType.Type1 || row.EndsWith("true", StringComparison.Ordinal))];
        rows[0].Should().StartWith("1 2 {x: 11, y: 7} [5000000000]");
        rows[1].Should().StartWith("2 3 {x: 20, y: null} [2]");
        rows.Should().HaveCount(2);
        ListType list = (ListType)table.CurrentSnapshot.Schema.GetFieldByName("l").DataType;
        list.ValueDataType.Should().BeOfType<Int64Type>();
    }

    [Fact]
    public async Task A_column_that_a_rule_speaks_of_keeps_its_type()
    {
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("n").Build();
        RecordBatch narrow = Batch(("id", Longs(1)), ("n", Longs(1)), ("v", Ints(10)));
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), flow.TargetSchema(narrow.Schema), new() { Properties = Widening });
        await table.AddConstraintAsync("positive", "v > 0");

        Func<Task> wider = () => flow.ApplyAsync(Batch(("id", Longs(1)), ("n", Longs(2)), ("v", Longs(11))), table);

        (await wider.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("'positive'");
        (await flow.ApplyAsync(narrow, table)).Inserted.Should().Be(1);
    }
}
