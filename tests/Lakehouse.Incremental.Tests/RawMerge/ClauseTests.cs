using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>What each kind of clause does, and which of several does it.</summary>
public sealed class ClauseTests
{
    [Fact]
    public async Task An_upsert_updates_what_matches_and_inserts_the_rest()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        RawMergeResult result = await table.Merge(Rows("2 21 c", "3 30 d")).On("id")
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 c", "3 30 d");
        (result.Version, result.NumSourceRows, result.NumTargetRowsUpdated, result.NumTargetRowsInserted, result.NumTargetRowsDeleted)
            .Should().Be((2, 2, 1, 1, 0));
        result.ToString().Should().StartWith("2 source rows: 1 updated, 1 inserted, 0 deleted · version 2 · ");
    }

    [Fact]
    public async Task An_update_sees_both_rows_as_they_were()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        await table.Merge(Rows("1 5 x", "2 7 _")).On("id")
            .WhenMatched().Update(set => set
                .Set("n", "target.n + source.n").Set("t", "coalesce(source.t, concat(target.t, cast(target.n as string)))"))
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 15 x", "2 27 b20");
    }

    [Fact]
    public async Task The_first_clause_whose_condition_is_true_decides_and_unknown_is_not_true()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c", "4 _ d"));

        RawMergeResult result = await table.Merge(Rows("1 0 x", "2 0 x", "3 0 x", "4 0 x")).On("id")
            .WhenMatched("target.n < 15").Delete()
            .WhenMatched("target.n < 25").Update(set => set.Set("t", "'second'"))
            .WhenMatched("target.n < 99").Update(set => set.Set("t", "'third'"))
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("2 20 second", "3 30 third", "4 _ d");
        (result.NumTargetRowsMatchedUpdated, result.NumTargetRowsMatchedDeleted).Should().Be((2, 1));
    }

    [Fact]
    public async Task Inserts_have_conditions_too_and_columns_without_a_value_are_null()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));

        await table.Merge(Rows("2 1 x", "3 2 y", "4 3 z")).On("id")
            .WhenNotMatched("n = 1").Insert(values => values.Set("id", "source.id").Set("t", "upper(t)"))
            .WhenNotMatched("source.n = 2").InsertAll()
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 _ X", "3 2 y");
    }

    [Fact]
    public async Task Rows_the_source_does_not_have_are_changed_in_its_scope_only()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 a", "3 30 a", "4 40 b"));

        RawMergeResult result = await table.Merge(Rows("1 10 a")).On("id")
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("t").EqualTo("a")), "n > 25").Update(set => set.Set("n", "-n"))
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("t").EqualTo("a"))).Delete()
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "3 -30 a", "4 40 b");
        (result.NumTargetRowsNotMatchedBySourceUpdated, result.NumTargetRowsNotMatchedBySourceDeleted).Should().Be((1, 1));
    }

    [Fact]
    public async Task The_whole_table_can_be_the_scope()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 a", "_ 30 a"));

        await table.Merge(Rows("2 0 z")).On("id").WhenNotMatchedBySource(MergeScope.WholeTable).Delete().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("2 20 a");
    }

    [Fact]
    public async Task What_matches_may_be_more_than_equality()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "1 20 b", "2 5 c"));

        await table.Merge(Rows("1 15 x", "2 15 y")).OnCondition("target.id = source.id AND target.n < source.n")
            .WhenMatched().Delete().WhenNotMatched().InsertAll().WhenNotMatchedBySource(MergeScope.WholeTable).Update(set => set.Set("t", "'left'"))
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 20 left");
    }

    [Fact]
    public async Task An_empty_source_and_an_empty_target_are_no_special_case()
    {
        DeltaTable table = await TableAsync(Rows());
        MergeStatement Upsert(params string[] rows) => table.Merge(Rows(rows)).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll();

        (await Upsert().ExecuteAsync()).Version.Should().BeNull();
        (await Upsert("1 1 a").ExecuteAsync()).NumTargetRowsInserted.Should().Be(1);
        (await Upsert().ExecuteAsync()).Version.Should().BeNull();
        (await RowsAsync(table)).Should().Equal("1 1 a");
    }

    [Fact]
    public async Task A_table_can_be_merged_into_itself()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        await table.Merge(table.ReadAsync(new ReadOptions { Filter = Filter.Column("id").EqualTo(2L) })).On("id")
            .WhenMatched().Update(set => set.Set("n", "target.n + source.n")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 40 b");
    }

    [Fact]
    public async Task A_source_that_turns_out_to_be_empty_needs_its_schema_only()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));
        IAsyncEnumerable<RecordBatch> None() => table.ReadAsync(new ReadOptions { Filter = Filter.Column("id").EqualTo(7L) });

        RawMergeResult nothing = await table.Merge(None(), table.CurrentSnapshot.Schema).On("id")
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();
        await table.Merge(None(), Columns).On("id").WhenNotMatchedBySource(MergeScope.Where(Filter.Column("n").EqualTo(10L))).Delete().ExecuteAsync();

        nothing.Version.Should().BeNull();
        (await RowsAsync(table)).Should().Equal("2 20 b");
        Func<Task> unknown = () => table.Merge(None()).On("id").WhenMatched().Delete().ExecuteAsync();
        (await unknown.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("schema");
    }

    [Fact]
    public async Task Names_may_hold_dots_differ_in_case_and_be_those_of_the_sides()
    {
        RecordBatch rows = Rows(Schema("a.b", "source", "target"), "1 s t", "2 s t");
        DeltaTable table = await TableAsync(rows, new() { Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = "name" } });

        await table.Merge(Rows(Schema("A.B", "SOURCE", "Target"), "1 x y")).On("a.b")
            .WhenMatched("TARGET.`a.b` = Source.`A.b` AND target.source = 's'")
            .Update(set => set.Set("Source", "source.target").Set("target", "source.source"))
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 y x", "2 s t");
    }

    [Fact]
    public async Task Batches_of_the_source_count_as_one_and_their_types_become_those_of_the_table()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        RecordBatch Small(uint id, short n, string t) => new(
            new Schema(
                [new Field("t", LargeStringType.Default, true), new Field("n", Int16Type.Default, true), new Field("id", UInt32Type.Default, true)], null),
            [
                new LargeStringArray.Builder().Append(t).Build(), new Int16Array.Builder().Append(n).Build(),
                new UInt32Array.Builder().Append(id).Build(),
            ],
            1);

        await table.Merge([Small(1, 11, "b"), Small(4_000_000_000, 12, "c")]).On("id")
            .WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 11 b", "4000000000 12 c");
        Func<Task> twice = () => table.Merge([Small(1, 1, "x"), Small(1, 2, "y")]).On("id").WhenMatched().UpdateAll().ExecuteAsync();
        (await twice.Should().ThrowAsync<InvalidRowsException>()).Which.Message.Should().Contain("key 1 (source rows 0, 1)");
    }

    [Fact]
    public async Task Neither_zero_nor_NaN_change_by_their_bits_but_a_null_struct_is_not_one_of_nulls()
    {
        Int32Array none = new Int32Array.Builder().AppendNull().AppendNull().AppendNull().Build();
        StructArray whole = Struct(("x", none));
        StructArray absent = new(whole.Data.DataType as StructType, 3, [none], new ArrowBuffer(new byte[] { 0b011 }), 1);
        DoubleArray Doubles(params double[] values) => new DoubleArray.Builder().AppendRange(values).Build();
        double otherNaN = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001);
        DeltaTable table = await TableAsync(Batch(("id", Longs(1, 2, 3)), ("d", Doubles(0.0, double.NaN, 1)), ("p", whole)));

        RawMergeResult result = await table.Merge(Batch(("id", Longs(1, 2, 3)), ("d", Doubles(-0.0, otherNaN, 1)), ("p", absent))).On("id")
            .WhenMatched().UpdateAll().ExecuteAsync();

        (result.NumTargetRowsUpdated, result.NumTargetRowsUnchanged).Should().Be((1, 2));
        (await RowsAsync(table)).Should().Equal("1 0 {x: null}", "2 NaN {x: null}", "3 1 _");
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_not_written()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"), new() { ChangeDataFeed = true });

        RawMergeResult result = await table.Merge(Rows("1 10 a", "2 21 b")).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        (result.NumTargetRowsUpdated, result.NumTargetRowsUnchanged).Should().Be((1, 1));
        (await ChangesAsync(table, 2)).Should().Equal("update_preimage 2 20 b", "update_postimage 2 21 b");
    }
}
