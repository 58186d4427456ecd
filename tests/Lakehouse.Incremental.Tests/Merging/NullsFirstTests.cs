using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Explain;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Components of a composite sequence that may be null order before all values (semantics 2.9); any other null is no place in the order.</summary>
public sealed class NullsFirstTests
{
    private const string Columns = "k s:long t:long v op";
    private const string Struct = "k at:struct(s:long,t:long) v op";

    [Fact]
    public async Task Type1_takes_a_null_as_the_first_place_in_any_order() =>
        await Bench.AnyOrderAsync(() => Flow(ScdType.Type1), Columns, ["a 1 _ first u", "a 1 1 second u", "b 2 5 x u", "b 2 _ late d"], "a 1 1 second", "b 2 5 x");

    [Fact]
    public async Task Type2_begins_and_ends_periods_there_in_any_order() => await Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2),
        Columns,
        ["a 1 _ first u", "a 1 1 second u", "a 2 _ _ d", "a 2 0 again u"],
        "a 1 1 second [{s:1,t:1},{s:2,t:null})",
        "a 1 _ first [{s:1,t:null},{s:1,t:1})",
        "a 2 0 again [{s:2,t:0},∞)");

    [Theory]
    [InlineData(ScdType.Type1, "a 1 1 second", "b 3 _ b deleted@{s:4,t:null}")]
    [InlineData(ScdType.Type2, "a 1 1 second [{s:1,t:1},∞)", "a 1 _ first [{s:1,t:null},{s:1,t:1})", "b 3 _ b [{s:3,t:null},{s:4,t:null})", "b 3 _ b [{s:4,t:null},∞) deleted")]
    public async Task Soft_deletes_at_such_a_place(ScdType type, params string[] expected) => await Bench.AnyOrderAsync(
        () => Flow(type).DeleteMode(DeleteMode.Soft), Columns, ["a 1 _ first u", "a 1 1 second u", "b 3 _ b u", "b 4 _ _ d"], expected);

    [Fact]
    public async Task The_most_significant_component_may_be_the_one() => await Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("s").ExceptColumns("op"), Columns, ["a _ 9 old u", "a 0 0 new u", "b _ 1 x u", "b _ 2 y u"], "a 0 0 new", "b _ 2 y");

    [Fact]
    public async Task Fields_of_a_struct_are_named_by_their_path() => await Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("at").NullsFirst("at.t").ExceptColumns("op").StoredAs(ScdType.Type2),
        Struct,
        ["a {1,_} first u", "a {1,1} second u"],
        "a {s:1,t:1} second [{s:1,t:1},∞)",
        "a {s:1,t:null} first [{s:1,t:null},{s:1,t:1})");

    [Fact]
    public async Task A_truncate_at_such_a_place_spares_what_stands_after_it() => await Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("t").Operations("op", new() { Upsert = ["u"], Truncate = ["t"] }).ExceptColumns("op"),
        Columns,
        ["a 1 9 gone u", "b 2 0 stays u", "_ 2 _ _ t"],
        "b 2 0 stays");

    [Fact]
    public async Task With_effective_times_a_null_sequence_part_only_orders_corrections() => await Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("t").EffectiveAt("e").StoredAs(ScdType.Type2),
        "k e:long s:long t:long v",
        ["a 10 1 _ wrong", "a 10 1 3 right", "a 20 1 _ next"],
        "a 10 1 3 right [10,20)",
        "a 20 1 _ next [20,∞)");

    [Theory]
    [InlineData("a _ 1 x u", "NULL_SEQUENCE s a _ 1 x u")]
    [InlineData("a _ _ x u", "NULL_SEQUENCE s a _ _ x u")]
    public async Task Other_components_may_not_be_null(string e, string kept)
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns, quarantine: true);
        await bench.ApplyAsync(e, "b 1 _ y u");
        (await bench.KeptAsync()).Should().Equal(kept);
        (await bench.RowsAsync()).Should().Equal("b 1 _ y");
    }

    [Fact]
    public async Task A_sequence_of_nothing_but_nulls_is_no_place()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1).NullsFirst("s", "t"), Columns, quarantine: true);
        await bench.ApplyAsync("a _ _ x u", "a _ 1 y u", "b 1 _ z u");
        (await bench.KeptAsync()).Should().Equal("NULL_SEQUENCE s a _ _ x u");
        (await bench.RowsAsync()).Should().Equal("a _ 1 y", "b 1 _ z");
    }

    [Theory]
    [InlineData("a {1,_} x u", "at.t")]
    [InlineData("a {_,1} x u", "at.s")]
    [InlineData("a _ x u", "at")]
    public async Task A_null_in_a_struct_is_invalid_unless_its_field_is_named(string e, string column)
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("at").ExceptColumns("op"), Struct);
        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync(e));
        error.ErrorCode.Should().Be(ErrorCodes.NullSequence);
        error.Message.Should().Contain($"null in sequence column {column}.");
    }

    [Fact]
    public async Task NaN_in_a_field_of_a_struct_is_no_place_either()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("at"), "k at:struct(s:double,t:long) v");
        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("a {NaN,1} x"));
        error.ErrorCode.Should().Be(ErrorCodes.NonOrderableSequence);
        error.Message.Should().Contain("at.s");
    }

    [Fact]
    public async Task The_horizon_may_stand_at_such_a_place()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns, quarantine: true);
        await bench.ApplyAsync("a 5 1 x u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [5L, null]);
        MergeResult late = await bench.ApplyAsync("b 4 9 late u", "b 5 _ in_time u");
        (late.TooLate, late.Applied).Should().Be((1, 1));
        (await Refused.ByAsync<LakehouseException>(() => bench.Flow.AdvanceHorizonAsync(bench.Table, [null, 7L]))).ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task A_struct_sequence_has_horizons_as_lists()
    {
        Bench bench = await Bench.OpenAsync(
            MergeFlow.Named("f").Keys("k").SequenceBy("at").NullsFirst("at.t").ExceptColumns("op").StoredAs(ScdType.Type2), Struct, quarantine: true);
        await bench.ApplyAsync("a {5,1} x u");
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [new object?[] { 5L, null }]);
        (await bench.ApplyAsync("b {4,_} late u", "b {5,_} in_time u")).TooLate.Should().Be(1);
        foreach (object?[] other in (object?[][])[[null], [new object?[] { null, 1L }], [new object?[] { 5L }], [5L]])
        {
            (await Refused.ByAsync<LakehouseException>(() => bench.Flow.AdvanceHorizonAsync(bench.Table, other))).ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        }
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_table_is_adopted_with_a_baseline_there(ScdType type)
    {
        Bench former = await Bench.OpenAsync(Flow(type), Columns);
        await former.ApplyAsync("a 1 _ first u", "a 1 1 second u");
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), former.Table.CurrentSnapshot.Schema);
        await foreach (RecordBatch rows in former.Table.ReadAsync())
        {
            await table.AppendAsync(rows);
        }

        MergeFlow flow = Flow(type).Build();
        await flow.AdoptAsync(table, [2L, null]);
        await flow.ApplyAsync(Words.Batch(Columns, "a 2 0 third u"), table);

        (await Words.RowsAsync(table)).Should().Contain(row => row.StartsWith("a 2 0 third", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_that_the_clock_decides_about_are_known_by_it()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns, new());
        await bench.ApplyAsync("a 1 _ x u");
        MergeResult repeat = await bench.ApplyAsync("a 1 _ x u");
        MergeResult newer = await bench.ApplyAsync("a 1 0 y u");
        MergeResult late = await bench.ApplyAsync("a 1 _ z u");
        (repeat.Duplicates, newer.Updated, late.Late).Should().Be((1, 1, 1));
        (await bench.RowsAsync()).Should().Equal("a 1 0 y");
    }

    [Fact]
    public async Task The_reconciler_and_explanations_know_such_places()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        await bench.StageAsync("a 1 _ first u", "a 1 1 second u");
        await bench.StageAsync("a 0 _ late u");
        (await bench.ReconcileAsync()).IsClean.Should().BeTrue();
        KeyExplanation why = await bench.Flow.ExplainAsync(bench.Staging, bench.Table, ["a"]);
        why.HasDrift.Should().BeFalse();
        why.Rows.Should().HaveCount(3);
    }

    [Fact]
    public void The_target_takes_nulls_where_the_flow_does()
    {
        StructType at = new([new Field("s", Int64Type.Default, false), new Field("t", Int64Type.Default, false)]);
        Schema events = new([new Field("k", StringType.Default, false), new Field("s", Int64Type.Default, false), new Field("t", Int64Type.Default, false), new Field("at", at, false)], null);
        Schema columns = MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("t").Build().TargetSchema(events);
        Schema fields = MergeFlow.Named("f").Keys("k").SequenceBy("at").NullsFirst("at.t").StoredAs(ScdType.Type2).Build().TargetSchema(events);
        columns.FieldsList.Select(static f => f.IsNullable).Should().Equal(false, false, true, false);
        fields.FieldsList[3].IsNullable.Should().BeFalse();
        foreach (string name in (string[])["at", "__start_at", "__end_at"])
        {
            ((StructType)fields.GetFieldByName(name).DataType).Fields.Select(static f => f.IsNullable).Should().Equal(false, true);
        }
    }

    [Fact]
    public async Task A_table_that_does_not_allow_the_nulls_is_refused()
    {
        Schema events = new([new Field("k", StringType.Default, false), new Field("s", Int64Type.Default, false), new Field("t", Int64Type.Default, false)], null);
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), events);
        MergeFlow flow = MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("t").Build();
        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.ApplyAsync(Words.Batch("k s:long t:long", "a 1 1"), table));
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("column t");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("e")]
    [InlineData("k")]
    [InlineData("sx.t")]
    public void Names_that_are_no_components_are_refused(string name) =>
        Rules(f => f.SequenceBy("s", "t").EffectiveAt("e").StoredAs(ScdType.Type2).NullsFirst(name)).Should().Contain(name);

    [Fact]
    public void A_sequence_of_one_column_groups_and_repeats_are_refused()
    {
        Rules(f => f.SequenceBy("s").NullsFirst("s")).Should().Contain("composite");
        Rules(f => f.SequenceBy("s", "t").NullsFirst("t").SequenceGroup(["g"], "v")).Should().Contain("SequenceGroup");
        Rules(f => f.SequenceBy("s", "t").NullsFirst("t", "t")).Should().Contain("twice");
    }

    [Fact]
    public async Task A_field_that_the_struct_does_not_have_is_refused_with_the_table()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("at").NullsFirst("at.x").ExceptColumns("op"), Struct);
        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyAsync("a {1,1} x u"));
        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain("at.x");
    }

    private static string Rules(Func<MergeFlowBuilder, MergeFlowBuilder> rules)
    {
        LakehouseException error = Assert.Throws<LakehouseException>(() => rules(MergeFlow.Named("f").Keys("k")).Build());
        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        return error.Message;
    }

    private static MergeFlowBuilder Flow(ScdType type) => MergeFlow.Named("f").Keys("k").SequenceBy("s", "t").NullsFirst("t")
        .ApplyAsDeleteWhen(change => change["op"].EqualTo("d")).ExceptColumns("op").StoredAs(type);
}
