using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Columns of the events that the target does not have, and those the events lack (semantics 2.13).</summary>
public sealed class SchemaPolicyTests
{
    private const string Columns = "k s:long a";

    [Theory]
    [InlineData(ScdType.Type1, "x 2 A2 n", "y 1 A _")]
    [InlineData(ScdType.Type2, "x 1 A _ [1,2)", "x 2 A2 n [2,∞)", "y 1 A _ [1,∞)")]
    public async Task AddNullable_adds_a_column_and_older_rows_have_null_there(ScdType type, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.ApplyAsync("x 1 A", "y 1 A");

        await bench.ApplyColumnsAsync("k s:long a n", "x 2 A2 n");

        (await NewLastAsync(bench)).Should().Equal(expected);
    }

    [Fact]
    public async Task A_late_event_fills_a_column_that_came_later()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 10 A");

        await bench.ApplyColumnsAsync("k s:long a n", "x 5 A5 n5");

        (await bench.RowsAsync()).Should().Equal("x 10 A n5");
    }

    [Fact]
    public async Task A_column_that_came_later_is_tracked_in_a_history()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        await bench.ApplyAsync("x 1 A");
        await bench.ApplyColumnsAsync("k s:long a n", "x 2 A n2", "x 3 A n3");

        (await NewLastAsync(bench)).Should().Equal("x 1 A _ [1,2)", "x 2 A n2 [2,3)", "x 3 A n3 [3,∞)");
    }

    [Fact]
    public async Task Columns_come_and_stay_away_in_any_batch()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyColumnsAsync("k s:long n:long", "x 1 1");
        await bench.ApplyColumnsAsync("k s:long p:struct(x:long) a", "x 2 {2} A");
        await bench.ApplyColumnsAsync("s:long k", "3 x");

        (await bench.RowsAsync()).Should().Equal("x 3 A 1 {x:2}");
    }

    [Fact]
    public async Task An_empty_batch_adds_its_columns_too()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 A");

        await bench.ApplyColumnsAsync("k s:long a n");

        (await bench.RowsAsync()).Should().Equal("x 1 A _");
    }

    [Fact]
    public async Task Events_that_are_invalid_leave_the_schema_as_it_was()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyColumnsAsync("k s:long a n", "_ 1 A n"));

        (await bench.Table.RefreshAsync()).Schema.FieldsList.Select(static f => f.Name).Should().Equal("k", "s", "a");
    }

    [Theory]
    [InlineData(SchemaPolicy.Strict)]
    [InlineData(SchemaPolicy.AddNullable)]
    [InlineData(SchemaPolicy.Rescue)]
    public async Task A_missing_column_is_never_nulled(SchemaPolicy policy)
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(policy), "k s:long a b");
        await bench.ApplyAsync("x 1 A B");
        await bench.ApplyColumnsAsync("k s:long b", "x 2 B2");

        (await bench.RowsAsync()).Select(static row => row[..8]).Should().Equal("x 2 A B2");
    }

    [Fact]
    public async Task Strict_names_the_columns_and_writes_nothing()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Strict), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync("k s:long a n1 n2", "x 1 A n n"));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.SchemaMismatch, "f"));
        error.Message.Should().Contain("not in the table: n1, n2");
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Fact]
    public async Task Rescue_keeps_values_without_column_as_json()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Rescue), Columns);
        await bench.ApplyColumnsAsync("k s:long a z:long n", "x 1 A 7 n1", "y 1 B _ _", "z 1 C _ n\"2");

        (await bench.RowsAsync()).Should().Equal(
            """x 1 A {"n":"n1","z":"7"}""", "y 1 B _", "z 1 C {\"n\":\"n\\u00222\"}");
    }

    [Fact]
    public async Task Rescue_gives_a_table_without_the_column_one()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 A");
        bench.With(Flow().SchemaPolicy(SchemaPolicy.Rescue));

        await bench.ApplyColumnsAsync("k s:long a n", "x 2 A n");

        (await bench.RowsAsync()).Should().Equal("""x 2 A {"n":"n"}""");
    }

    [Fact]
    public async Task Rescue_does_not_lose_values_beside_data_that_was_rescued_before()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Rescue), $"{Columns} _rescued_data");
        await bench.ApplyAsync("x 1 A earlier");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync($"{Columns} _rescued_data n", "y 1 A earlier N"));

        error.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
        error.Message.Should().Contain("_rescued_data").And.Contain("n");
        (await bench.RowsAsync()).Should().Equal("x 1 A earlier");
    }

    [Fact]
    public async Task Values_are_rescued_beside_a_list_of_columns_to_update()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Rescue).ColumnsToUpdate("cols"), $"{Columns} cols:list(text)");
        await bench.ApplyColumnsAsync($"{Columns} n cols:list(text)", "x 1 A N [a]");

        (await bench.RowsAsync()).Should().Equal("""x 1 A {"n":"N"}""");
    }

    [Fact]
    public async Task Rescued_values_are_partial_like_others()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2).SchemaPolicy(SchemaPolicy.Rescue), Columns);
        await bench.ApplyColumnsAsync("k s:long a n", "x 1 A n1");
        await bench.ApplyAsync("x 2 A2");

        (await bench.RowsAsync()).Should().Equal("""x 1 A {"n":"n1"} [1,2)""", """x 2 A2 {"n":"n1"} [2,∞)""");
    }

    [Theory]
    [InlineData("A")]
    [InlineData("K")]
    public async Task A_name_that_differs_by_case_only_is_refused_by_name(string name)
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync($"k s:long {name}", "x 1 A"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain($"'{name}'").And.Contain("case");
    }

    [Theory]
    [InlineData(ScdType.Type1, "__is_deleted:bool")]
    [InlineData(ScdType.Type1, "__Deleted_At:long")]
    [InlineData(ScdType.Type2, "__start_at:long")]
    [InlineData(ScdType.Type2, "__end_at:long")]
    [InlineData(ScdType.Type2, "__IS_CURRENT:bool")]
    [InlineData(ScdType.Type2, "__is_deleted:bool")]
    public async Task An_event_column_with_the_name_of_one_that_the_flow_writes_is_refused_by_name(ScdType type, string column)
    {
        Bench bench = await Bench.OpenAsync(Flow(type).DeleteMode(DeleteMode.Soft), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync($"{Columns} {column}", $"x 1 A {(column.EndsWith("bool", StringComparison.Ordinal) ? "true" : "1")}"));

        error.Message.Should().Contain(column.Split(':')[0]);
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Theory]
    [InlineData("__kind")]
    [InlineData("__Digest")]
    [InlineData("__cells")]
    [InlineData("__other_k")]
    public async Task Names_that_the_state_uses_are_reserved(string column)
    {
        MergeFlowBuilder flow = Flow(ScdType.Type2).PreviousKeys("old");
        Bench bench = await Bench.OpenAsync(flow, $"{Columns} old");

        LakehouseException added = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync($"k s:long {column}", "x 1 v"));
        LakehouseException created = await Refused.ByAsync<LakehouseException>(() => Bench.OpenAsync(flow, $"k s:long {column} old"));

        new[] { added, created }.Should().OnlyContain(e => e.ErrorCode == ErrorCodes.ReservedColumn && e.Message.Contains(column));
        (await bench.Table.RefreshAsync()).Version.Should().Be(0);
    }

    [Fact]
    public async Task A_renamed_column_is_another_column()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("x 1 A");
        await bench.ApplyColumnsAsync("k s:long renamed", "x 2 B");

        (await bench.RowsAsync()).Should().Equal("x 2 A B");
    }

    [Fact]
    public async Task A_column_that_steers_the_flow_is_missed_by_name()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").ColumnsToUpdate("colls").PreviousKeys("oldd"), "k s:long a");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(
            () => bench.Flow.ApplyAsync(Words.Batch("k s:long a cols:list(text) old", "x 1 A [a] _"), bench.Table));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("colls").And.Contain("oldd");
    }

    [Fact]
    public async Task A_column_that_steers_the_flow_is_not_added()
    {
        Bench bench = await Bench.OpenAsync(Flow().ApplyAsDeleteWhen(c => c["op"].EqualTo("d")), Columns);
        await bench.ApplyColumnsAsync("k s:long a op", "x 1 A u");

        (await bench.RowsAsync()).Should().Equal("x 1 A");
    }

    /// <summary>The rows with the column that came last, which stands behind the period, before it.</summary>
    private static async Task<string[]> NewLastAsync(Bench bench) => [.. (await bench.RowsAsync()).Select(static row =>
        row.Split(' ') is [.. var before, ['[', ..] and var period, var added] ? string.Join(' ', [.. before, added, period]) : row)];

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
