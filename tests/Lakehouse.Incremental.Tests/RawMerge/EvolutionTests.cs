using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>What a merge with schema evolution changes about the columns of its target: new columns, new fields inside of structs, wider types.</summary>
public sealed class EvolutionTests
{
    private static readonly Dictionary<string, string> Widening = new() { ["delta.enableTypeWidening"] = "true" };

    [Theory]
    [InlineData("none")]
    [InlineData("name")]
    public async Task New_columns_of_the_source_come_in_the_same_commit(string mapping)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"), With("delta.columnMapping.mode", mapping) with { ChangeDataFeed = true });
        RecordBatch source = Rows(Schema("id", "n", "extra"), "2 21 x", "3 30 y");

        RawMergeResult result = await UpsertAll(table, source).ExecuteAsync();

        result.Version.Should().Be(2);
        (await RowsAsync(table)).Should().Equal("1 10 a _", "2 21 b x", "3 30 _ y");
        (await ChangesAsync(table, 2)).Should().Equal("update_preimage 2 20 b _", "update_postimage 2 21 b x", "insert 3 30 _ y");
    }

    [Fact]
    public async Task Only_columns_that_are_set_are_added_when_no_clause_takes_all()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        RecordBatch source = Rows(Schema("id", "x", "y"), "1 p q");

        await table.Merge(source).On("id").WithSchemaEvolution().WhenMatched().Update(set => set.Set("y", "source.y")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a q");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wider_column_of_the_source_widens_the_one_of_the_table(bool vectors)
    {
        DeltaTable table = await TableAsync(
            Batch(("id", Ints(1, 2, 3)), ("v", Ints(10, 20, 30))), new() { Properties = Widening, DeletionVectors = vectors, ChangeDataFeed = true });

        await UpsertAll(table, Batch(("id", Longs(2, 5_000_000_000)), ("v", Longs(6_000_000_000, 1)))).ExecuteAsync();

        table.CurrentSnapshot.Schema.FieldsList.Select(field => field.DataType).Should().AllBeOfType<Int64Type>();
        (await RowsAsync(table)).Should().Equal("1 10", "2 6000000000", "3 30", "5000000000 1");
        (await ChangesAsync(table, 2)).Should().Equal("update_preimage 2 20", "update_postimage 2 6000000000", "insert 5000000000 1");
        (await RowsAsync(await ReopenAsync(table))).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_widened_key_still_spares_files_and_counts_in_conditions_and_scopes()
    {
        DeltaTable table = await TableAsync(Batch(("id", Ints(1, 2)), ("v", Ints(10, 20))), new() { Properties = Widening });
        await table.AppendAsync(Batch(("id", Ints(100)), ("v", Ints(30))));

        RawMergeResult result = await table.Merge(Batch(("id", Longs(1)), ("v", Longs(6_000_000_000)))).On("id").WithSchemaEvolution()
            .WhenMatched(m => m.Target["v"] < m.Source["v"]).UpdateAll()
            .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("v").LessThan(30))).Delete()
            .ExecuteAsync();

        result.NumTargetFilesScanned.Should().Be(1);
        (await RowsAsync(table)).Should().Equal("1 6000000000", "100 30");
    }

    [Fact]
    public async Task Types_widen_only_where_the_table_says_so_and_the_column_is_taken_as_it_is()
    {
        RecordBatch wide = Batch(("id", Longs(1)), ("v", Longs(7)));
        DeltaTable without = await TableAsync(Batch(("id", Longs(1)), ("v", Ints(10))));
        DeltaTable with = await TableAsync(Batch(("id", Longs(1)), ("v", Ints(10))), new() { Properties = Widening });

        await UpsertAll(without, wide).ExecuteAsync();
        await with.Merge(wide).On("id").WithSchemaEvolution().WhenMatched().Update(set => set.Set("v", "source.v + 1")).ExecuteAsync();
        await with.Merge(wide).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        (await RowsAsync(without)).Should().Equal("1 7");
        (await RowsAsync(with)).Should().Equal("1 7");
        without.CurrentSnapshot.Schema.GetFieldByName("v").DataType.Should().BeOfType<Int32Type>();
        with.CurrentSnapshot.Schema.GetFieldByName("v").DataType.Should().BeOfType<Int32Type>();
        Func<Task> tooGreat = () => UpsertAll(without, Batch(("id", Longs(1)), ("v", Longs(6_000_000_000)))).ExecuteAsync();
        InvalidRowsException error = (await tooGreat.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.LossyCast, 1));
        error.Message.Should().Contain("'v'").And.Contain("6000000000");
        await with.Merge(wide).On("id").WithSchemaEvolution().WhenMatched().Update(set => set.Set("V", m => m.Source["v"])).ExecuteAsync();
        with.CurrentSnapshot.Schema.GetFieldByName("v").DataType.Should().BeOfType<Int64Type>();
    }

    [Fact]
    public async Task A_column_that_a_rule_speaks_of_does_not_change_its_type()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1)), ("v", Ints(10))), new() { Properties = Widening });
        await table.AddConstraintAsync("positive", "v > 0");

        Func<Task> widen = () => UpsertAll(table, Batch(("id", Longs(1)), ("v", Longs(7)))).ExecuteAsync();

        LakehouseException error = (await widen.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain("'positive'").And.Contain("'v'");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("name")]
    public async Task A_new_field_of_a_struct_comes_too_also_within_lists(string mapping)
    {
        DeltaTable table = await TableAsync(
            Batch(("id", Longs(1, 2)), ("p", Struct(("x", Ints(10, 20)))), ("l", List(Struct(("a", Ints(1, 2)))))),
            new() { Properties = new Dictionary<string, string>(Widening) { ["delta.columnMapping.mode"] = mapping } });
        RecordBatch source = Batch(
            ("id", Longs(2, 3)),
            ("p", Struct(("y", Longs(7, 8)), ("x", Longs(21, 30)))),
            ("l", List(Struct(("a", Ints(5, 6)), ("b", Struct(("c", Longs(9, 9))))))));

        await UpsertAll(table, source).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal(
            "1 {x: 10, y: null} [{a: 1, b: null}]", "2 {x: 21, y: 7} [{a: 5, b: {c: 9}}]", "3 {x: 30, y: 8} [{a: 6, b: {c: 9}}]");
        (await RowsAsync(await ReopenAsync(table))).Should().HaveCount(3);
    }

    [Fact]
    public async Task A_field_that_the_source_lacks_is_not_lost_and_named()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1)), ("p", Struct(("x", Ints(10)), ("y", Ints(11))))));
        RecordBatch source = Batch(("id", Longs(1)), ("p", Struct(("x", Ints(12)), ("z", Ints(13)))));

        Func<Task> update = () => table.Merge(source).On("id").WithSchemaEvolution().WhenMatched().UpdateAll().ExecuteAsync();
        Func<Task> unknown = () => table.Merge(source).On("id").WhenNotMatched().InsertAll().ExecuteAsync();

        (await update.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("'p.y'");
        (await unknown.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("'p");
    }

    [Fact]
    public async Task Columns_that_cannot_be_added_are_named()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        Func<Task> With(params string[] names) => () => UpsertAll(table, Rows(Schema(names), "2 x")).ExecuteAsync();

        (await With("id", "_change_type").Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
        (await With("id", "a b").Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("'a b'");
    }

    [Fact]
    public async Task Expressions_and_scopes_do_not_see_columns_that_only_come()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(Rows(Schema("id", "extra"), "1 x")).On("id").WithSchemaEvolution().WhenMatched().UpdateAll();

        Func<Task> expression = () => merge.WhenNotMatchedBySource(MergeScope.WholeTable, "target.extra IS NULL").Delete().ExecuteAsync();
        Func<Task> scope = () => merge.WhenNotMatchedBySource(MergeScope.Where(Filter.Column("extra").IsNull())).Delete().ExecuteAsync();

        (await expression.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("target.extra");
        (await scope.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("extra");
    }

    private static MergeStatement UpsertAll(DeltaTable table, RecordBatch source) =>
        table.Merge(source).On("id").WithSchemaEvolution().WhenMatched().UpdateAll().WhenNotMatched().InsertAll();

    private static Task<DeltaTable> ReopenAsync(DeltaTable table) => DeltaTable.OpenAsync(table.Storage);

    private static DeltaTableCreateOptions With(string property, string value) =>
        new() { Properties = new Dictionary<string, string> { [property] = value } };
}
