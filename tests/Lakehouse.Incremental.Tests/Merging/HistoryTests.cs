using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Scd2;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What rows a history has: effective times, tracked columns, the names of the period.</summary>
public sealed class HistoryTests
{
    private const string Columns = "k s:long a b";

    [Fact]
    public Task EffectiveAt_says_from_when_a_row_holds() => Bench.AnyOrderAsync(
        () => Flow().EffectiveAt("day"), "k day:date s:long a", ["x 2024-03-01 1 A", "x 2024-01-01 2 B", "x 2024-02-01 3 A"],
        "x 2024-01-01 2 B [2024-01-01,2024-02-01)", "x 2024-03-01 1 A [2024-02-01,∞)");

    [Fact]
    public Task A_greater_sequence_corrects_what_holds_from_the_same_time() => Bench.AnyOrderAsync(
        () => Flow().EffectiveAt("day"), "k day:date s:long a", ["x 2024-01-01 1 A", "x 2024-01-01 2 B", "x 2024-02-01 1 C"],
        "x 2024-01-01 2 B [2024-01-01,2024-02-01)", "x 2024-02-01 1 C [2024-02-01,∞)");

    [Fact]
    public async Task A_null_effective_time_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(Flow().EffectiveAt("day"), "k day:date s:long a");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("x _ 1 A", "y 2024-01-01 1 A"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.NullSequence, 1));
        error.Message.Should().Contain("day");
        error.SampleKeys.Should().Equal("x");
    }

    [Theory]
    [InlineData("s")]
    [InlineData("k")]
    public void EffectiveAt_cannot_be_a_key_or_sequence(string column)
    {
        Action build = () => Flow().EffectiveAt(column).Build();

        build.Should().Throw<LakehouseException>().WithMessage($"*column {column} is named twice*");
    }

    [Fact]
    public void EffectiveAt_is_for_histories()
    {
        Action build = () => Flow().EffectiveAt("day").StoredAs(ScdType.Type1).Build();

        build.Should().Throw<LakehouseException>().WithMessage("*EffectiveAt belongs to ScdType.Type2*");
    }

    [Fact]
    public Task G25_a_change_of_an_untracked_column_alone_opens_no_row() => Bench.AnyOrderAsync(
        () => Flow().TrackHistoryOn("a"), Columns, ["x 10 A b10", "x 15 A b15"], "x 15 A b15 [10,∞)");

    [Fact]
    public Task CurrentRun_shows_an_untracked_change_where_it_holds() => Bench.AnyOrderAsync(
        () => Flow().TrackHistoryExcept("b"), Columns, ["x 10 A b10", "x 20 B b20", "x 30 B b30"], "x 10 A b10 [10,20)", "x 30 B b30 [20,∞)");

    [Fact]
    public Task AllVersions_shows_the_latest_untracked_value_in_all_rows() => Bench.AnyOrderAsync(
        () => Flow().TrackHistoryExcept("b").UntrackedScope(UntrackedScope.AllVersions),
        Columns, ["x 10 A b10", "x 20 B b20", "x 30 B b30"], "x 10 A b30 [10,20)", "x 30 B b30 [20,∞)");

    [Fact]
    public void UntrackedScope_is_for_histories()
    {
        Action build = () => Flow().UntrackedScope(UntrackedScope.AllVersions).StoredAs(ScdType.Type1).Build();

        build.Should().Throw<LakehouseException>().WithMessage("*UntrackedScope belongs to ScdType.Type2*");
    }

    [Theory]
    [InlineData("on")]
    [InlineData("except")]
    public async Task A_tracked_column_the_table_does_not_have_is_refused_by_name(string how)
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        MergeFlowBuilder other = how == "on" ? Flow().TrackHistoryOn("typo") : Flow().TrackHistoryExcept("typo");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.With(other).ApplyAsync("x 1 A b"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("typo");
    }

    [Theory]
    [InlineData("Default", "__start_at,__end_at,__is_current,__is_deleted")]
    [InlineData("Databricks", "__START_AT,__END_AT,__is_deleted")]
    [InlineData("Dbt", "dbt_valid_from,dbt_valid_to,dbt_is_deleted")]
    public async Task The_names_of_the_period_are_those_of_the_preset(string preset, string names)
    {
        MergeFlowBuilder flow = Flow().HistoryColumns(Preset(preset)).DeleteMode(DeleteMode.Soft).ApplyAsDeleteWhen(c => c["b"].EqualTo("-"));
        Bench bench = await Bench.OpenAsync(flow, Columns);
        await bench.ApplyAsync("x 10 A b", "x 20 _ -");

        bench.Table.CurrentSnapshot.Schema.FieldsList.Skip(4).Select(static f => f.Name).Should().Equal(names.Split(','));
        (await bench.RowsAsync()).Should().Equal("x 10 A b [10,20)", "x 10 A b [20,∞) deleted");
    }

    [Theory]
    [InlineData("Default", "__IS_CURRENT")]
    [InlineData("Databricks", "__start_at")]
    [InlineData("Dbt", "dbt_valid_to")]
    public void An_event_column_with_the_name_of_a_period_is_refused_by_name(string preset, string column)
    {
        MergeFlow flow = Flow().HistoryColumns(Preset(preset)).Build();
        Action schema = () => flow.TargetSchema(Words.Schema($"{Columns} {column}"));

        LakehouseException error = schema.Should().Throw<LakehouseException>().Which;
        error.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
        error.Message.Should().Contain(column);
    }

    [Theory]
    [InlineData("from", "from")]
    [InlineData("from", "FROM")]
    [InlineData("", "to")]
    [InlineData("k", "to")]
    [InlineData("s", "to")]
    public void Names_of_the_period_that_do_not_go_together_are_refused(string start, string end)
    {
        Action build = () => Flow().HistoryColumns(new HistoryColumns { Start = start, End = end }).Build();

        build.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void HistoryColumns_are_for_histories()
    {
        Action build = () => Flow().HistoryColumns(HistoryColumns.Dbt).StoredAs(ScdType.Type1).Build();

        build.Should().Throw<LakehouseException>().WithMessage("*HistoryColumns belongs to ScdType.Type2*");
    }

    [Fact]
    public Task A_composite_sequence_makes_periods_of_structs() => Bench.AnyOrderAsync(
        () => Flow().SequenceBy("s", "t"), "k s:long t:time a", ["x 1 2024-01-01 A", "x 1 2024-01-02 B"],
        "x 1 2024-01-01T00:00:00Z A [{s:1,t:2024-01-01T00:00:00Z},{s:1,t:2024-01-02T00:00:00Z})",
        "x 1 2024-01-02T00:00:00Z B [{s:1,t:2024-01-02T00:00:00Z},∞)");

    [Fact]
    public Task Nested_values_are_compared_by_value() => Bench.AnyOrderAsync(
        Flow, "k s:long p:struct(x:double,y:text) l:list(text) m:map(text,long)",
        ["x 1 {0,a} [a] {k=1}", "x 2 {-0,a} [a] {k=1}", "x 3 {0,a} [a,_] {k=1}"],
        "x 2 {x:-0,y:a} [a] {{key:k,value:1}} [1,3)",
        "x 3 {x:0,y:a} [a,null] {{key:k,value:1}} [3,∞)");

    private static HistoryColumns Preset(string name) =>
        name == "Dbt" ? HistoryColumns.Dbt : name == "Databricks" ? HistoryColumns.Databricks : HistoryColumns.Default;

    private static MergeFlowBuilder Flow() => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(ScdType.Type2);
}
