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
    public async Task Decimals_of_38_digits_are_keys_and_spare_files_also_at_another_scale()
    {
        Decimal128Type wide = new(38, 2);
        Int128 great = Int128.Parse("12345678901234567890123456789012345678");
        DeltaTable table = await TableAsync(Batch(("k", ConstantArray.Create(wide, great, 1)), ("v", Longs(1))));
        await table.AppendAsync(Batch(("k", ConstantArray.Create(wide, great / 1000, 1)), ("v", Longs(2))));
        await table.AppendAsync(Batch(("k", ConstantArray.Create(wide, (Int128)150, 1)), ("v", Longs(3))));

        RawMergeResult same = await table.Merge(Batch(("k", ConstantArray.Create(wide, great, 1)), ("v", Longs(7)))).On("k")
            .WhenMatched().UpdateAll().ExecuteAsync();
        RawMergeResult scaled = await table.Merge(Batch(("k", ConstantArray.Create(new Decimal128Type(10, 1), (Int128)15, 1)), ("v", Longs(8))))
            .On("k").WhenMatched().UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Select(row => row.Split(' ')[1]).Order().Should().Equal("2", "7", "8");
        (same.NumTargetFilesScanned, scaled.NumTargetFilesScanned).Should().Be((1, 1));
    }

    [Fact]
    public async Task Decimals_match_by_value_also_where_no_type_holds_those_of_both()
    {
        Decimal128Type whole = new(38, 0);
        Decimal128Type fraction = new(38, 10);
        Int128 great = Int128.Parse("99999999999999999999999999999999999999");
        DeltaTable table = await TableAsync(Batch(("k", ConstantArray.Create(whole, great, 1)), ("v", Longs(1))));
        await table.AppendAsync(Batch(("k", ConstantArray.Create(whole, (Int128)7, 1)), ("v", Longs(2))));
        RecordBatch Source(Int128 unscaled, long v) => Batch(("k", ConstantArray.Create(fraction, unscaled, 1)), ("v", Longs(v)));
        MergeStatement merge = table.Merge([Source(70_000_000_000, 70), Source(70_000_000_001, 71), Source(great, 72)]).On("k");

        RawMergeResult result = await merge.WhenMatched().Update(set => set.Set("v", "source.v")).ExecuteAsync();

        (result.NumTargetRowsUpdated, result.NumTargetFilesScanned).Should().Be((1, 1));
        (await RowsAsync(table)).Should().Equal("7 70", $"{great} 1");
        Func<Task> insert = () => merge.WhenNotMatched().InsertAll().ExecuteAsync();
        InvalidRowsException error = (await insert.Should().ThrowAsync<InvalidRowsException>()).Which;
        error.SampleKeys.Should().Equal("7.0000000001", "9999999999999999999999999999.9999999999");
    }

    // As doubles the two numbers would be one.
    [Fact]
    public async Task Whole_numbers_and_floats_do_not_match_unless_a_cast_says_how()
    {
        DeltaTable table = await TableAsync(Batch(("k", Longs(9_007_199_254_740_993, 5)), ("v", Longs(1, 2))));
        DoubleArray doubles = new DoubleArray.Builder().Append(9_007_199_254_740_992).Append(5).Append(double.NaN).Build();
        RecordBatch source = Batch(("k", doubles), ("v", Longs(10, 20, 30)));

        Func<Task> merge = () => table.Merge(source).On("k").WhenMatched().Delete().ExecuteAsync();
        (await merge.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("long in the target with double in the source");

        merge = () => table.Merge(source).OnCondition("target.k = CAST(source.k AS BIGINT)").WhenMatched().Delete().ExecuteAsync();
        (await merge.Should().ThrowAsync<InvalidRowsException>()).Which.Message.Should().Contain("NaN is no long").And.Contain("source row 2");
        await table.Merge(source.Slice(0, 2)).OnCondition("target.k = CAST(source.k AS BIGINT)").WhenMatched().Delete().ExecuteAsync();
        (await RowsAsync(table)).Should().Equal("9007199254740993 1");
    }

    [Fact]
    public async Task A_float_matches_the_double_it_is()
    {
        FloatArray floats = new FloatArray.Builder().Append(0.1f).Append(float.NaN).Append(-0f).Append(0.3f).Build();
        DeltaTable table = await TableAsync(Batch(("k", floats), ("v", Longs(1, 2, 3, 4))));
        DoubleArray doubles = new DoubleArray.Builder().Append(0.1f).Append(double.NaN).Append(0).Append(0.3).Build();

        await table.Merge(Batch(("k", doubles), ("v", Longs(10, 20, 30, 40)))).On("k").WhenMatched().Update(set => set.Set("v", "source.v")).ExecuteAsync();

        (await RowsAsync(table)).Select(static row => row.Split(' ')[1]).Should().BeEquivalentTo("10", "20", "30", "4");
    }

    [Fact]
    public async Task Lists_can_be_compared_but_do_not_find_rows()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1, 2)), ("l", List(Longs(1, 2)))));
        MergeStatement source = table.Merge(Batch(("id", Longs(1, 2)), ("l", List(Longs(1, 3)))));

        Func<Task> alone = () => source.On("l").WhenMatched().Delete().ExecuteAsync();
        (await alone.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("lists and maps do not tell");

        await source.On("id", "l").WhenMatched().Delete().ExecuteAsync();
        (await RowsAsync(table)).Should().Equal("2 [2]");
    }

    [Fact]
    public async Task Structs_are_keys_and_nulls_inside_of_them_are_equal()
    {
        Int32Array ys = new Int32Array.Builder().Append(1).AppendNull().Append(3).Build();
        DeltaTable table = await TableAsync(Batch(("k", Struct(("x", Ints(1, 1, 2)), ("y", ys))), ("v", Longs(1, 2, 3))));
        Int32Array found = new Int32Array.Builder().AppendNull().Append(9).Build();
        RecordBatch source = Batch(("k", Struct(("x", Ints(1, 2)), ("y", found))), ("v", Longs(20, 30)));

        await table.Merge(source).On("k").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("{x: 1, y: 1} 1", "{x: 1, y: null} 20", "{x: 2, y: 3} 3", "{x: 2, y: 9} 30");
        Func<Task> other = () => table.Merge(Batch(("k", Struct(("x", Ints(1)))), ("v", Longs(1)))).On("k").WhenMatched().Delete().ExecuteAsync();
        (await other.Should().ThrowAsync<UnsupportedFeatureException>()).Which.Message.Should().Contain("struct");
    }

    [Fact]
    public async Task Structs_and_lists_can_be_compared_in_conditions()
    {
        DeltaTable table = await TableAsync(
            Batch(("id", Longs(1, 2, 3)), ("p", Struct(("x", Ints(1, 2, 3)))), ("l", List(Longs(1, 2, 3)))), new() { ChangeDataFeed = true });
        RecordBatch source = Batch(("id", Longs(1, 2, 3)), ("p", Struct(("x", Ints(1, 9, 3)))), ("l", List(Longs(1, 2, 8))));

        RawMergeResult result = await table.Merge(source).On("id")
            .WhenMatched("source.p <> target.p").Delete().WhenMatched("NOT (source.l <=> target.l)").UpdateAll().ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 {x: 1} [1]", "3 {x: 3} [8]");
        (result.NumTargetRowsMatchedDeleted, result.NumTargetRowsMatchedUpdated).Should().Be((1, 1));
        Func<Task> order = () => table.Merge(source).On("id").WhenMatched("source.p < target.p").Delete().ExecuteAsync();
        (await order.Should().ThrowAsync<UnsupportedFeatureException>()).Which.Message.Should().Contain("comparison of struct");
    }

    [Fact]
    public async Task Values_of_different_kinds_do_not_match_unless_a_cast_says_how()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));
        RecordBatch texts = Batch(("id", new StringArray.Builder().Append("1").Append("x").Build()), ("n", Longs(7, 8)));

        Func<Task> silent = () => table.Merge(texts).On("id").WhenMatched().Delete().ExecuteAsync();
        LakehouseException error = (await silent.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("long in the target with string in the source").And.Contain("`id`");

        await table.Merge(texts).OnCondition("target.id = CAST(source.id AS BIGINT)").WhenMatched().Delete().ExecuteAsync();
        (await RowsAsync(table)).Should().Equal("2 20 b");
    }

    [Fact]
    public async Task A_wall_clock_is_no_instant()
    {
        TimestampType Micros(string? zone) => new(TimeUnit.Microsecond, zone);
        DeltaTable table = await TableAsync(Batch(("at", ConstantArray.Create(Micros("UTC"), 1L, 1))));

        Func<Task> merge = () => table.Merge(Batch(("at", ConstantArray.Create(Micros(null), 1L, 1)))).On("at").WhenMatched().Delete().ExecuteAsync();
        (await merge.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("timestamp_ntz in the source");

        await table.Merge(Batch(("at", ConstantArray.Create(Micros("Europe/Vienna"), 1L, 1)))).On("at").WhenMatched().Delete().ExecuteAsync();
        (await RowsAsync(table)).Should().BeEmpty("an instant is the same in all zones");
    }

    [Fact]
    public async Task An_error_names_some_keys_and_counts_all()
    {
        DeltaTable table = await TableAsync(Rows([.. Enumerable.Range(0, 30).Select(i => $"{i} 1 a")]));
        string[] thrice = [.. Enumerable.Range(0, 90).Select(i => $"{i % 30} {i} b")];

        Func<Task> merge = () => table.Merge(Rows(thrice)).On("id").WhenMatched().UpdateAll().ExecuteAsync();

        InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.Count, error.SampleKeys.Count).Should().Be((30, 10));
        error.Message.Should().Contain("30 target rows").And.Contain("key 0 (source rows 0, 30, 60)").And.EndWith("; 20 more. Nothing was changed.");
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
}
