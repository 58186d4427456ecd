using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A key that becomes another one (semantics 2.32): the former key is deleted, the new one upserted, at one place in the order.</summary>
public sealed class KeyChangeTests
{
    private const string Columns = "k s:long a b old";

    [Fact]
    public Task A_changed_key_takes_the_row_along() => Type1(["k1 10 A B _", "k2 20 A2 B2 k1"], "k2 20 A2 B2");

    [Fact]
    public Task A_former_key_that_equals_the_key_is_no_change() => Type1(["k1 10 A B _", "k1 20 A2 B2 k1"], "k1 20 A2 B2");

    [Fact]
    public Task Keys_may_be_swapped_at_one_place() => Type1(["x 1 X X _", "y 1 Y Y _", "y 5 X5 X5 x", "x 5 Y5 Y5 y"], "x 5 Y5 Y5", "y 5 X5 X5");

    [Fact]
    public Task A_key_may_move_along_a_chain_and_back() => Type1(["x 1 A A _", "y 2 B B x", "z 3 C C y", "x 4 D D z"], "x 4 D D");

    [Fact]
    public Task Three_keys_may_move_in_a_ring() => Type2(
        ["x 1 X X _", "y 5 X X x", "z 5 Y Y y", "x 5 Z Z z"],
        "x 1 X X [1,5)", "x 5 Z Z [5,∞)", "y 5 X X [5,∞)", "z 5 Y Y [5,∞)");

    [Fact]
    public Task A_history_closes_the_former_key_where_the_new_one_begins() => Type2(["k1 10 A B _", "k2 20 A2 B2 k1"], "k1 10 A B [10,20)", "k2 20 A2 B2 [20,∞)");

    [Fact]
    public Task G24_cells_that_the_change_does_not_tell_are_carried_along() => Type2(["k1 10 A B _", "k2 20 A2 UNSET k1"], "k1 10 A B [10,20)", "k2 20 A2 B [20,∞)");

    [Fact]
    public Task A_late_event_of_the_former_key_reaches_the_new_one() => Type2(
        ["k1 10 A B _", "k2 20 A2 UNSET k1", "k1 15 A B15 _"], "k1 10 A B [10,15)", "k1 15 A B15 [15,20)", "k2 20 A2 B15 [20,∞)");

    [Fact]
    public Task Cells_are_carried_along_a_chain() => Type2(
        ["x 1 A B _", "y 2 A2 UNSET x", "z 3 A3 UNSET y"], "x 1 A B [1,2)", "y 2 A2 B [2,3)", "z 3 A3 B [3,∞)");

    [Fact]
    public Task A_partial_swap_reads_the_rows_from_before_it() => Type2(
        ["x 1 X bx _", "y 1 Y by _", "y 5 X5 UNSET x", "x 5 Y5 UNSET y"],
        "x 1 X bx [1,5)", "x 5 Y5 by [5,∞)", "y 1 Y by [1,5)", "y 5 X5 bx [5,∞)");

    [Fact]
    public Task Nothing_is_carried_from_a_key_that_was_deleted_before() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2).ApplyAsDeleteWhen(c => c["a"].EqualTo("-")), Columns, ["k1 1 A B _", "k1 2 - _ _", "k2 3 A3 UNSET k1"],
        "k1 1 A B [1,2)", "k2 3 A3 _ [3,∞)");

    [Theory]
    [InlineData("k2 20 A2 UNSET k1")]
    [InlineData("k2 20 UNSET UNSET k1")]
    public async Task Type1_refuses_a_change_that_does_not_tell_the_whole_row(string change)
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("k1 10 A B _");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync(change));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.IncompleteKeyChange, 1));
        error.SampleKeys.Should().Equal("k2");
        (await bench.RowsAsync()).Should().Equal("k1 10 A B");
    }

    [Fact]
    public async Task A_change_of_which_nothing_had_to_be_rescued_is_whole()
    {
        Bench bench = await Bench.OpenAsync(Flow().SchemaPolicy(SchemaPolicy.Rescue), Columns);
        await bench.ApplyColumnsAsync("k s:long a b old n", "k1 10 A B _ N");
        await bench.ApplyAsync("k2 20 A2 B2 k1");

        (await bench.RowsAsync()).Should().Equal("k2 20 A2 B2 _");
    }

    [Fact]
    public async Task Type1_sets_such_a_change_apart_whole_where_there_is_a_quarantine()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns, quarantine: true);

        MergeResult result = await bench.ApplyAsync("k1 10 A B _", "k2 20 A2 UNSET k1");

        (result.RowsIn, result.Quarantined).Should().Be((2, 1));
        (await bench.RowsAsync()).Should().Equal(["k1 10 A B"], "the former key is not deleted by half of a change");
        (await bench.KeptAsync()).Should().Equal("INCOMPLETE_KEY_CHANGE k k2 20 A2 UNSET k1");
    }

    [Fact]
    public async Task A_part_of_a_composite_key_may_change()
    {
        Bench bench = await Bench.OpenAsync(
            MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").PreviousKeys("old_k", "old_j"), "k j:long s:long a old_k old_j:long");
        await bench.ApplyAsync("x 1 1 A _ _", "x 2 2 A2 x 1", "y 1 1 B _ _");

        (await bench.RowsAsync()).Should().Equal("x 2 2 A2", "y 1 1 B");
    }

    [Fact]
    public Task A_part_of_a_former_key_that_is_null_did_not_change() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").PreviousKeys("old_k", "old_j"), "k j:long s:long a old_k old_j:long",
        ["x 1 1 A _ _", "x 2 2 A2 _ 1", "y 2 3 A3 x _"], "y 2 3 A3");

    [Fact]
    public Task A_null_is_a_part_of_a_former_key_where_keys_may_be_null() => Bench.AnyOrderAsync(
        () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").PreviousKeys("old_k", "old_j").NullSafeKeys(), "k j:long s:long a old_k old_j:long",
        ["x _ 1 A _ _", "x 2 2 A2 x _", "y 5 1 B _ _"], "x 2 2 A2", "y 5 1 B");

    [Fact]
    public Task A_key_may_become_null_where_keys_may_be() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2).NullSafeKeys(), Columns, ["k1 10 A B _", "_ 20 A2 UNSET k1", "k1 15 A B15 _"],
        "_ 20 A2 B15 [20,∞)", "k1 10 A B [10,15)", "k1 15 A B15 [15,20)");

    [Fact]
    public Task A_truncate_before_the_change_leaves_nothing_to_carry() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2).ApplyAsTruncateWhen(c => c["a"].EqualTo("T")), Columns, ["k1 1 A B _", "_ 2 T _ _", "k2 3 A3 UNSET k1"],
        "k1 1 A B [1,2)", "k2 3 A3 _ [3,∞)");

    [Fact]
    public Task A_former_key_is_marked_where_deletes_are_soft() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2).DeleteMode(DeleteMode.Soft), Columns, ["k1 1 A B _", "k2 3 A3 UNSET k1", "k1 5 C D _"],
        "k1 1 A B [1,3)", "k1 1 A B [3,5) deleted", "k1 5 C D [5,∞)", "k2 3 A3 B [3,∞)");

    [Fact]
    public Task Nothing_is_deleted_where_deletes_are_ignored_but_values_are_carried() => Bench.AnyOrderAsync(
        () => Flow(ScdType.Type2).DeleteMode(DeleteMode.Ignore), Columns, ["k1 1 A B _", "k2 3 A3 UNSET k1"],
        "k1 1 A B [1,∞)", "k2 3 A3 B [3,∞)");

    [Fact]
    public async Task A_former_key_of_a_smaller_type_is_the_same_key()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").PreviousKeys("old"), "k:long s:long a old:int");
        await bench.ApplyAsync("1 1 A _");
        await bench.ApplyAsync("2 2 A2 1");

        (await bench.RowsAsync()).Should().Equal("2 2 A2");
    }

    [Fact]
    public async Task A_former_key_that_does_not_fit_is_invalid()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").PreviousKeys("old"), "k:int s:long a old:long");

        InvalidRowsException error = await Refused.ByAsync<InvalidRowsException>(() => bench.ApplyAsync("1 1 A _", "2 2 A2 5000000000"));

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.LossyCast, 1));
        error.Message.Should().Contain("old");
    }

    [Fact]
    public async Task A_former_key_of_another_type_is_refused_by_name()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ApplyColumnsAsync("k s:long a b old:long", "x 1 a b 1"));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("old");
    }

    [Fact]
    public async Task The_former_keys_are_not_kept_in_the_target()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);

        bench.Table.CurrentSnapshot.Schema.FieldsList.Select(static f => f.Name).Should().Equal("k", "s", "a", "b");
    }

    [Fact]
    public async Task Changes_of_a_key_are_a_delete_and_an_insert()
    {
        Bench bench = await Bench.OpenAsync(Flow(), Columns);
        await bench.ApplyAsync("k1 10 A B _");
        await bench.ApplyAsync("k2 20 A B k1");

        (await Words.ChangesAsync(bench.Table, 2)).Should().BeEquivalentTo("delete k1 10 A B", "insert k2 20 A B");
    }

    [Fact]
    public void One_former_column_is_needed_for_each_key()
    {
        Action build = () => MergeFlow.Named("f").Keys("k", "j").SequenceBy("s").PreviousKeys("old").Build();

        build.Should().Throw<LakehouseException>().WithMessage("*one column for each key*").Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public async Task A_change_that_is_delivered_again_changes_nothing()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        string[] events = ["x 1 X bx _", "y 5 X5 UNSET x", "x 7 new b7 _"];
        await bench.ApplyAsync(events);

        (await bench.ApplyAsync(events)).Version.Should().BeNull();
        (await bench.ApplyAsync([.. events.Reverse()])).Version.Should().BeNull();
    }

    private static Task Type1(string[] events, params string[] expected) => Bench.AnyOrderAsync(() => Flow(), Columns, events, expected);

    private static Task Type2(string[] events, params string[] expected) => Bench.AnyOrderAsync(() => Flow(ScdType.Type2), Columns, events, expected);

    private static MergeFlowBuilder Flow(ScdType type = ScdType.Type1) =>
        MergeFlow.Named("f").Keys("k").SequenceBy("s").PreviousKeys("old").UnsetMarker("UNSET").StoredAs(type);
}
