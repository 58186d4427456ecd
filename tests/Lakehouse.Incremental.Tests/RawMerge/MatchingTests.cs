using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Which rows match: nulls, NaN, several columns, other types, and what happens when several do.</summary>
public sealed class MatchingTests
{
    [Fact]
    public async Task A_null_key_matches_nothing_so_each_run_inserts_it_again()
    {
        DeltaTable table = await TableAsync(Rows("_ 10 a"));

        await table.Merge(Rows("_ 20 b")).On("id").WhenMatched().Delete().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("_ 10 a", "_ 20 b");
    }

    [Fact]
    public async Task Null_safe_equality_matches_nulls()
    {
        DeltaTable table = await TableAsync(Rows("_ 10 a", "1 11 b"));

        await table.Merge(Rows("_ 20 c", "1 21 d")).OnCondition("target.id <=> source.id").WhenMatched().UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 21 d", "_ 20 c");
    }

    [Fact]
    public async Task NaN_equals_NaN_and_negative_zero_equals_zero()
    {
        Schema schema = Schema("d", "t");
        DeltaTable table = await TableAsync(Rows(schema, "NaN a", "0 b", "1 c"));

        await table.Merge(Rows(schema, "NaN x", "-0 y")).On("d").WhenMatched().Update(set => set.Set("t", "source.t"))
            .WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("0 y", "1 c", "NaN x");
    }

    [Fact]
    public async Task Several_columns_are_one_key()
    {
        DeltaTable table = await TableAsync(Rows("1 1 a", "1 2 b", "1 _ c"));

        await table.Merge(Rows("1 2 x", "2 1 y", "1 _ z")).On("id", "n").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 1 a", "1 2 x", "1 _ c", "1 _ z", "2 1 y");
    }

    [Fact]
    public async Task Decimals_of_other_scales_and_integers_of_other_widths_match_by_value()
    {
        Decimal128Array Decimals(Decimal128Type type, params decimal[] values)
        {
            Decimal128Array.Builder builder = new(type);
            foreach (decimal value in values)
            {
                builder.Append(value);
            }

            return builder.Build();
        }

        Int32Array small = new Int32Array.Builder().Append(1).Append(2).Build();
        RecordBatch rows = Batch(
            ("k", Decimals(new Decimal128Type(10, 2), 1.50m, 2m)), ("i", small), ("v", Decimals(new Decimal128Type(8, 4), 0.1234m, 5m)));
        DeltaTable table = await TableAsync(rows);
        Int64Array wide = new Int64Array.Builder().Append(1).Append(9_000_000_000).Build();
        RecordBatch source = Batch(
            ("k", Decimals(new Decimal128Type(12, 4), 1.5m, 2m)), ("i", wide), ("v", Decimals(new Decimal128Type(8, 4), 7m, 8m)));

        await table.Merge(source).On("k", "i").WhenMatched().UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1.50 1 7.0000", "2.00 2 5.0000");
    }

    [Fact]
    public async Task Several_source_rows_for_one_row_are_an_error_that_names_them()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        Func<Task> merge = () => table.Merge(Rows("1 11 x", "2 21 y", "1 12 z")).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.MultipleSourceRowsMatched, 1));
        error.SampleKeys.Should().Equal("1");
        error.Message.Should().Contain("key 1 (source rows 0, 2)");
        table.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task Source_rows_that_no_clause_takes_do_not_count()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));

        await table.Merge(Rows("1 11 x", "1 12 z")).On("id").WhenMatched("source.t = 'z'").UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 12 z");
    }

    [Fact]
    public async Task Several_source_rows_may_delete_one_row_when_that_is_all_a_match_can_do()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));
        MergeStatement twice = table.Merge(Rows("1 11 x", "1 12 z")).On("id");

        Func<Task> conditional = () => twice.WhenMatched("source.n > 0").Delete().ExecuteAsync();
        (await conditional.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.MultipleSourceRowsMatched);

        (await twice.WhenMatched().Delete().ExecuteAsync()).NumTargetRowsDeleted.Should().Be(1);
        (await RowsAsync(table)).Should().Equal("2 20 b");
    }

    [Fact]
    public async Task A_new_key_that_comes_twice_is_inserted_twice_unless_keys_are_unique()
    {
        DeltaTable table = await TableAsync(Rows());
        MergeStatement twice = table.Merge(Rows("1 11 x", "1 12 z", "_ 1 a", "_ 1 b")).On("id").WhenNotMatched().InsertAll();

        Func<Task> unique = () => twice.WithUniqueKeys().ExecuteAsync();
        InvalidRowsException error = (await unique.Should().ThrowAsync<InvalidRowsException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.DuplicateInsertKey);
        error.Message.Should().Contain("key 1 (source rows 0, 1)");

        (await twice.ExecuteAsync()).NumTargetRowsInserted.Should().Be(4);
    }

    [Fact]
    public async Task A_key_that_the_target_holds_twice_is_updated_twice_unless_keys_are_unique()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "1 20 b"));
        MergeStatement merge = table.Merge(Rows("1 11 x")).On("id").WhenMatched().Update(set => set.Set("t", "source.t"));

        Func<Task> unique = () => merge.WithUniqueKeys().ExecuteAsync();
        (await unique.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.TargetKeyNotUnique);

        (await merge.ExecuteAsync()).NumTargetRowsUpdated.Should().Be(2);
    }

    [Fact]
    public async Task Nested_values_are_carried_and_set()
    {
        Int64Array ids = new Int64Array.Builder().Append(1).Append(2).Build();
        DeltaTable table = await TableAsync(Batch(("id", ids), ("p", Points(10, 20))));

        await table.Merge(Batch(("id", new Int64Array.Builder().Append(2).Append(3).Build()), ("p", Points(21, 30)))).On("id")
            .WhenMatched("target.p.x < source.p.x").Update(set => set.Set("p", "source.p")).WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Select(row => row.Replace(" ", "", StringComparison.Ordinal)).Should().Equal("1{x:10}", "2{x:21}", "3{x:30}");
    }

    [Fact]
    public async Task A_struct_that_lacks_a_field_does_not_replace_one_that_has_it()
    {
        Int32Array numbers = new Int32Array.Builder().Append(10).Build();
        StructType both = new([new Field("x", Int32Type.Default, true), new Field("y", Int32Type.Default, true)]);
        Int64Array ids = new Int64Array.Builder().Append(1).Build();
        DeltaTable table = await TableAsync(Batch(("id", ids), ("p", new StructArray(both, 1, [numbers, numbers], ArrowBuffer.Empty))));
        MergeStatement merge = table.Merge(Batch(("id", ids), ("p", Points(11)))).On("id");

        Func<Task> update = () => merge.WhenMatched().UpdateAll().ExecuteAsync();

        LakehouseException error = (await update.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("'p.y'");
    }

    private static StructArray Points(params int[] values)
    {
        Int32Array xs = new Int32Array.Builder().AppendRange(values).Build();
        return new StructArray(new StructType([new Field("x", Int32Type.Default, true)]), values.Length, [xs], ArrowBuffer.Empty);
    }

    private static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema([.. columns.Select(column => new Field(column.Name, column.Array.Data.DataType, true))], null),
        columns.Select(column => column.Array),
        columns[0].Array.Length);
}
