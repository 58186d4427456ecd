using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Events that say something of some columns only (semantics 2.12): absent is not null.</summary>
public sealed class PartialRowsTests
{
    private const string Columns = "k s:long a b";

    [Fact]
    public async Task A_column_that_a_batch_lacks_keeps_its_value()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 a1 b1");

        await bench.ApplyColumnsAsync("k s:long b", "x 2 b2");

        (await bench.RowsAsync()).Should().Equal("x 2 a1 b2");
    }

    [Fact]
    public async Task A_null_is_a_value_where_the_column_is_there()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 a1 b1");

        await bench.ApplyAsync("x 2 a2 _");

        (await bench.RowsAsync()).Should().Equal("x 2 a2 _");
    }

    [Fact]
    public async Task A_batch_of_keys_and_sequences_only_changes_no_value()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 a1 b1");

        await bench.ApplyColumnsAsync("s:long k", "5 x");

        (await bench.RowsAsync()).Should().Equal("x 5 a1 b1");
    }

    [Fact]
    public async Task A_first_event_that_is_partial_makes_a_row_with_nulls_that_an_older_event_fills()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyColumnsAsync("k s:long b", "x 20 b2");
        string[] first = await bench.RowsAsync();

        await bench.ApplyAsync("x 10 a1 b1");

        first.Should().Equal("x 20 _ b2");
        (await bench.RowsAsync()).Should().Equal("x 20 a1 b2");
    }

    [Fact]
    public async Task A_late_partial_event_fills_its_cells_and_no_others()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 10 a1 b1");
        await bench.ApplyColumnsAsync("k s:long b", "x 30 b3");

        MergeResult late = await bench.ApplyColumnsAsync("k s:long a", "x 20 a2");
        await bench.ApplyColumnsAsync("k s:long b", "x 25 b25");

        (late.Applied, late.Late).Should().Be((1, 0), "it is late for the row, but not for its cell");
        (await bench.RowsAsync()).Should().Equal("x 30 a2 b3");
    }

    [Fact]
    public async Task A_late_partial_event_in_a_history_is_inherited_by_what_follows()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        await bench.ApplyAsync("x 10 a1 b1");
        await bench.ApplyColumnsAsync("k s:long b", "x 30 b3");

        await bench.ApplyColumnsAsync("k s:long a", "x 20 a2");

        (await bench.RowsAsync()).Should().Equal("x 10 a1 b1 [10,20)", "x 20 a2 b1 [20,30)", "x 30 a2 b3 [30,∞)");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_partial_event_after_a_delete_starts_from_nulls(ScdType type)
    {
        Bench bench = await Bench.OpenAsync(Flow(type).ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op"), "k s:long a b op");
        await bench.ApplyAsync("x 1 a1 b1 u", "x 2 _ _ d");

        await bench.ApplyColumnsAsync("k s:long b op", "x 3 b3 u");

        (await bench.RowsAsync()).Should().Contain(type == ScdType.Type1 ? "x 3 _ b3" : "x 3 _ b3 [3,∞)");
    }

    [Fact]
    public async Task ColumnsToUpdate_lists_what_each_event_sets_and_a_null_list_sets_all()
    {
        Bench bench = await Bench.OpenAsync(Flow().ColumnsToUpdate("cols"), Columns + " cols:list(text)");

        await bench.ApplyAsync("x 1 a1 b1 _", "y 1 a1 b1 _", "z 1 a1 b1 _");
        await bench.ApplyAsync("x 2 _ b2 [b]", "y 2 _ _ [a]", "z 2 a2 _ []");

        (await bench.RowsAsync()).Should().Equal("x 2 a1 b2", "y 2 _ b1", "z 2 a1 b1");
        bench.Table.CurrentSnapshot.Schema.FieldsList.Select(static f => f.Name).Should().Equal("k", "s", "a", "b");
    }

    [Fact]
    public async Task ColumnsToUpdate_may_name_keys_and_sequences_too()
    {
        Bench bench = await Bench.OpenAsync(Flow().ColumnsToUpdate("cols"), Columns + " cols:list(text)");
        await bench.ApplyAsync("x 1 a1 b1 _", "x 2 a2 _ [k,s,a]");

        (await bench.RowsAsync()).Should().Equal("x 2 a2 b1");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("A")]
    public async Task ColumnsToUpdate_that_names_an_unknown_column_is_refused_and_nothing_is_written(string name)
    {
        Bench bench = await Bench.OpenAsync(Flow().ColumnsToUpdate("cols"), Columns + " cols:list(text)");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyAsync($"x 1 a1 b1 [a,{name}]"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain($"'{name}'").And.Contain("cols");
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Fact]
    public async Task ColumnsToUpdate_with_a_null_name_in_its_list_is_refused()
    {
        Bench bench = await Bench.OpenAsync(Flow().ColumnsToUpdate("cols"), Columns + " cols:list(text)");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyAsync("x 1 a1 b1 [a,_]"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task ColumnsToUpdate_of_another_type_is_refused_by_name()
    {
        Bench bench = await Bench.OpenAsync(Flow().ColumnsToUpdate("cols"), Columns + " cols:list(text)");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync(Columns + " cols", "x 1 a1 b1 a"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("cols");
    }

    [Fact]
    public async Task IgnoreNullUpdates_keeps_what_a_null_would_take()
    {
        Bench bench = await Bench.OpenAsync(Flow().IgnoreNullUpdates(), Columns);
        await bench.ApplyAsync("x 1 a1 b1");
        await bench.ApplyAsync("x 2 _ b2", "y 2 _ _");

        (await bench.RowsAsync()).Should().Equal("x 2 a1 b2", "y 2 _ _");
    }

    [Fact]
    public async Task IgnoreNullUpdates_of_some_columns_leaves_the_others()
    {
        Bench bench = await Bench.OpenAsync(Flow().IgnoreNullUpdates("a"), Columns);
        await bench.ApplyAsync("x 1 a1 b1");
        await bench.ApplyAsync("x 2 _ _");

        (await bench.RowsAsync()).Should().Equal("x 2 a1 _");
    }

    [Fact]
    public void IgnoreNullUpdates_of_a_key_is_refused_by_name()
    {
        Action build = () => Flow().IgnoreNullUpdates("k").Build();

        LakehouseException error = build.Should().Throw<LakehouseException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain("k");
    }

    [Fact]
    public async Task IgnoreNullUpdates_of_a_column_the_table_does_not_have_is_refused_by_name()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.With(Flow().IgnoreNullUpdates("typo")).ApplyAsync("x 1 a b"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("typo");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task G12_an_unavailable_value_keeps_the_old_one(ScdType type)
    {
        const string Marker = "__debezium_unavailable_value";
        Bench bench = await Bench.OpenAsync(Flow(type).UnsetMarker(Marker), "k s:long small large blob:bytes n:long");
        await bench.ApplyAsync("x 1 s1 L B 7");

        await bench.ApplyAsync($"x 2 s2 {Marker} {Marker} _");

        (await bench.RowsAsync()).Should().Contain(type == ScdType.Type1 ? "x 2 s2 L 0x42 _" : "x 2 s2 L 0x42 _ [2,∞)");
    }

    [Fact]
    public async Task A_marker_counts_only_where_it_is_the_whole_text()
    {
        Bench bench = await Bench.OpenAsync(Flow().UnsetMarker("UNSET"), Columns);
        await bench.ApplyAsync("x 1 a1 b1");
        await bench.ApplyAsync("x 2 UNSET! unset");

        (await bench.RowsAsync()).Should().Equal("x 2 UNSET! unset");
    }

    [Fact]
    public async Task A_marker_that_is_a_key_is_a_key()
    {
        Bench bench = await Bench.OpenAsync(Flow().UnsetMarker("UNSET"), Columns);
        await bench.ApplyAsync("UNSET 1 a1 b1");

        (await bench.RowsAsync()).Should().Equal("UNSET 1 a1 b1");
    }

    [Fact]
    public async Task Values_of_nested_types_are_set_as_a_whole_or_not_at_all()
    {
        const string Nested = "k s:long p:struct(x:long,y:text) l:list(long) m:map(text,long)";
        Bench bench = await Bench.OpenAsync(Flow(), Nested);
        await bench.ApplyAsync("x 1 {1,one} [1,2] {a=1}");
        await bench.ApplyColumnsAsync("k s:long l:list(long)", "x 2 []");
        await bench.ApplyColumnsAsync("k s:long p:struct(x:long,y:text)", "x 3 {3,_}", "y 3 _");

        (await bench.RowsAsync()).Should().Equal("x 3 {x:3,y:null} [] {{key:a,value:1}}", "y 3 _ _ _");
    }

    [Fact]
    public async Task Wide_decimals_and_timestamps_keep_their_values_beside_partial_events()
    {
        Bench bench = await Bench.OpenAsync(Flow(), "k s:long d:decimal(38,10) t:time n:localtime day:date note");
        await bench.ApplyAsync("x 1 1234567890123456789012345678.0123456789 2024-02-29T23:59:59.999999Z 0001-01-01T00:00:00 1969-12-31 _");

        await bench.ApplyColumnsAsync("k s:long note", "x 2 hello");

        (await bench.RowsAsync()).Should().Equal("x 2 1234567890123456789012345678.0123456789 2024-02-29T23:59:59.999999Z 0001-01-01T00:00:00 1969-12-31 hello");
    }

    [Fact]
    public Task Partial_events_of_a_composite_key_come_to_the_same_in_any_order() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s", "t").ColumnsToUpdate("cols"),
        "k j s:long t:long a b cols:list(text)",
        ["x y 1 1 a1 b1 _", "x y 1 2 a2 _ [a]", "x y 2 0 _ b3 [b]", "xy '' 1 1 other _ _"],
        "x y 2 0 a2 b3",
        "xy '' 1 1 other _");

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task An_empty_batch_without_values_changes_nothing(ScdType type)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.ApplyAsync("x 1 a1 b1");

        MergeResult result = await bench.ApplyColumnsAsync("k s:long");

        (result.RowsIn, result.Version).Should().Be((0, null));
    }

    [Theory]
    [InlineData("k a b op", "s")]
    [InlineData("s:long a op", "k")]
    [InlineData("k s:long a", "op")]
    [InlineData("a", "k, s, op")]
    public async Task A_batch_without_key_sequence_or_a_column_of_a_condition_is_refused_by_name(string columns, string missing)
    {
        Bench bench = await Bench.OpenAsync(Flow().ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op"), Columns + " op");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync(columns));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.SchemaMismatch, "f"));
        error.Message.Should().Contain($"missing from the events: {missing})");
    }

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
