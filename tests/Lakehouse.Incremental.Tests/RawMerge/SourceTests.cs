using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Sources of odd shapes: what has one meaning is merged, what has several is refused.</summary>
public sealed class SourceTests
{
    [Fact]
    public async Task Columns_that_differ_by_case_only_are_refused()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));

        await Refused(Upsert(table, Batch(("id", Longs(1)), ("n", Longs(2)), ("N", Longs(3)))), ErrorCodes.SchemaMismatch, "'n', 'N'");
        await Refused(Upsert(table, Batch(("id", Longs(1)), ("id", Longs(1)))), ErrorCodes.SchemaMismatch, "'id', 'id'");
    }

    [Fact]
    public async Task A_batch_that_lacks_a_column_of_the_others_does_not_null_it()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "7 70 b"));

        await Refused(
            () => Statement(table, Rows("1 11 x"), Rows(Schema("t", "id"), "y 7")).ExecuteAsync(), ErrorCodes.SchemaMismatch, "'n'", "batches 0 and 1");
        await Refused(
            () => Statement(table, Rows("1 11 x"), Rows(Schema("id", "n", "t", "more"), "7 1 y z")).ExecuteAsync(), ErrorCodes.SchemaMismatch, "'more'");
        await Statement(table, Rows("1 11 x"), Rows(Schema("t", "id", "n"), "y 7 71")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 11 x", "7 71 y");
    }

    [Fact]
    public async Task A_source_without_columns_or_with_a_batch_that_is_none_is_refused()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        RecordBatch Bare(int rows) => new(new Schema([], null), System.Array.Empty<IArrowArray>(), rows);

        await Refused(Upsert(table, Bare(0)), ErrorCodes.ExpressionInvalid, "source.id", "'memory'");
        await Refused(Upsert(table, Bare(3)), ErrorCodes.ExpressionInvalid, "source.id");
        await Refused(() => Statement(table, Rows("1 1 x"), null!).ExecuteAsync(), ErrorCodes.InvalidConfiguration, "batch of its source is null");
        FluentActions.Invoking(() => table.Merge(Rows()).On("id", null!)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => table.Merge(Rows()).On("")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task A_column_without_a_type_is_one_of_nulls()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));

        await Upsert(table, Batch(("id", Longs(1, 5)), ("n", Longs(1, 2)), ("t", new NullArray(2))))();
        await Upsert(table, Batch(("id", new NullArray(1)), ("n", Longs(3)), ("t", new NullArray(1))))();

        (await RowsAsync(table)).Should().Equal("1 1 _", "2 20 b", "5 2 _", "_ 3 _");
    }

    [Fact]
    public async Task A_slice_is_the_rows_it_shows_and_ordinals_are_those_in_it()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"));
        RecordBatch rows = Rows("9 9 z", "2 21 x", "3 30 y", "2 4 q");

        await Upsert(table, rows.Slice(1, 2))();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 x", "3 30 y");
        await Refused(Upsert(table, rows.Slice(1, 3)), ErrorCodes.MultipleSourceRowsMatched, "key 2 (source rows 0, 2)");
    }

    [Fact]
    public async Task Finer_timestamps_are_taken_where_they_are_whole_microseconds()
    {
        TimestampType Type(TimeUnit unit) => new(unit, "UTC");
        DeltaTable table = await TableAsync(Batch(("at", ConstantArray.Create(Type(TimeUnit.Microsecond), 1L, 1)), ("v", Longs(1))));
        Func<Task> Nanos(long at) => () => Statement(table, Batch(("at", ConstantArray.Create(Type(TimeUnit.Nanosecond), at, 1)), ("v", Longs(at))))
            .ExecuteAsync();

        await Nanos(1000)();
        await Refused(Nanos(1001), ErrorCodes.LossyCast, "'at'", "'memory'");

        (await RowsAsync(table)).Should().Equal("1970-01-01T00:00:00.000001Z 1000");
    }

    [Fact]
    public async Task Maps_are_carried_and_their_order_is_no_change()
    {
        DeltaTable table = await TableAsync(
            Batch(("id", Longs(1, 2, 3)), ("m", Map([("a", 1), ("b", 2)], null, []))), new() { ChangeDataFeed = true });

        RawMergeResult result = await table.Merge(Batch(("id", Longs(1, 2, 3, 4)), ("m", Map([("b", 2), ("a", 1)], [], [("k", null)], [("z", 9)]))))
            .On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

        (result.NumTargetRowsUpdated, result.NumTargetRowsUnchanged, result.NumTargetRowsInserted).Should().Be((2, 1, 1));
        (await RowsAsync(table)).Should().Equal(
            "1 {{key: a, value: 1}, {key: b, value: 2}}", "2 {}", "3 {{key: k, value: null}}", "4 {{key: z, value: 9}}");
        (await ChangesAsync(table, 2)).Should().HaveCount(5);
        await Refused(() => table.Merge(Batch(("m", Map([("a", 1)])))).On("m").WhenMatched().Delete().ExecuteAsync(), ErrorCodes.ExpressionNotSupported, "map");
        await table.Merge(Batch(("id", Longs(4)))).On("id").WhenMatched("target.m['z'] = 9").Delete().ExecuteAsync();
        table.CurrentSnapshot.RowCount.Should().Be(3);
    }

    // The pairs of such rows would be ten thousand millions.
    [Fact]
    public async Task Very_many_rows_of_one_key_on_both_sides_are_not_paired_without_need()
    {
        RecordBatch same = Rows([.. Enumerable.Repeat("1 1 x", 100_000)]);
        DeltaTable table = await TableAsync(same);
        MergeStatement merge = table.Merge(same).On("id");

        await Refused(Upsert(table, same), ErrorCodes.MultipleSourceRowsMatched, "100,000 target rows", "key 1 (source rows 0, 1", "99990 more");
        (await merge.WhenNotMatched().InsertAll().ExecuteAsync()).Version.Should().BeNull();
        (await merge.WhenMatched().Delete().WhenNotMatched().InsertAll().ExecuteAsync()).NumTargetRowsDeleted.Should().Be(100_000);
    }

    [Fact]
    public async Task A_million_rows_are_merged_in_one_commit()
    {
        const int Count = 1_000_000;
        RecordBatch From(int first) => Batch(
            ("id", Longs([.. Enumerable.Range(first, Count).Select(static i => i * 7919L % 10_000_019)])),
            ("n", Longs([.. Enumerable.Range(first, Count).Select(static i => (long)i)])));
        DeltaTable table = await TableAsync(From(0));

        RawMergeResult result = await table.Merge(From(Count / 2)).On("id").WhenMatched("source.id % 2 = 0").Delete()
            .WhenMatched().Update(set => set.Set("n", "target.n + 1")).WhenNotMatched().InsertAll().ExecuteAsync();

        (result.NumTargetRowsUpdated + result.NumTargetRowsDeleted, result.NumTargetRowsInserted).Should().Be((Count / 2, Count / 2));
        table.CurrentSnapshot.RowCount.Should().Be(Count + (Count / 2) - result.NumTargetRowsDeleted);
        (await table.RefreshAsync()).Version.Should().Be(2);
    }

    [Fact]
    public async Task A_statement_reads_its_source_anew_each_time_it_runs()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(table.ReadAsync()).On("id").WhenMatched().Update(set => set.Set("n", "target.n + source.n"));

        await merge.ExecuteAsync();
        await merge.ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 40 a");
    }

    private static MapArray Map(params (string Key, long? Value)[]?[] rows)
    {
        MapArray.Builder map = new(new MapType(new Field("key", StringType.Default, false), new Field("value", Int64Type.Default, true)));
        foreach ((string Key, long? Value)[]? row in rows)
        {
            if (row is null)
            {
                map.AppendNull();
                continue;
            }

            map.Append();
            foreach ((string key, long? value) in row)
            {
                ((StringArray.Builder)map.KeyBuilder).Append(key);
                ((Int64Array.Builder)map.ValueBuilder).Append(value);
            }
        }

        return map.Build();
    }

    private static MergeStatement Statement(DeltaTable table, params RecordBatch[] source) =>
        table.Merge(source).On(source[0].Schema.GetFieldByIndex(0).Name).WhenMatched().UpdateAll().WhenNotMatched().InsertAll();

    private static Func<Task> Upsert(DeltaTable table, RecordBatch source) =>
        () => table.Merge(source).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

    private static async Task Refused(Func<Task> merge, string code, params string[] texts)
    {
        LakehouseException error = (await merge.Should().ThrowAsync<LakehouseException>()).Which;
        (error.ErrorCode, error.Table).Should().Be((code, "memory"), error.Message);
        foreach (string text in texts)
        {
            error.Message.Should().Contain(text);
        }
    }
}
