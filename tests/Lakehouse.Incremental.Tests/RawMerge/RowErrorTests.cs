using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>An error about rows names their keys, their ordinals in the source, and how many they are.</summary>
public sealed class RowErrorTests
{
    private static readonly RecordBatch Wide = Batch(("id", Longs(1, 2, 3)), ("v", Longs(1, 5_000_000_000, 6_000_000_000)));

    [Fact]
    public async Task Values_that_do_not_fit_their_column()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1, 2)), ("v", Ints(1, 2))));
        MergeStatement merge = table.Merge(Wide).On("id");

        await Names(() => merge.WhenMatched().UpdateAll().ExecuteAsync(), ErrorCodes.LossyCast, 1, "key 2 (source row 1)");
        await Names(() => merge.WhenNotMatched().InsertAll().ExecuteAsync(), ErrorCodes.LossyCast, 1, "key 3 (source row 2)");
        table.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task Expressions_without_a_result()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1, 2)), ("v", Ints(1, int.MaxValue))));
        MergeStatement merge = table.Merge(Wide).On("id");

        await Names(
            () => merge.WhenMatched().Update(set => set.Set("v", "target.v + 1")).ExecuteAsync(), ErrorCodes.Overflow, 1, "key 2 (source row 1)");
        await Names(
            () => merge.WhenMatched("source.v * 9223372036854775807L > 0").Delete().ExecuteAsync(), ErrorCodes.Overflow, 1, "key 2 (source row 1)");
        await Names(
            () => merge.WhenNotMatched("cast(source.v as int) > 0").InsertAll().ExecuteAsync(), ErrorCodes.Overflow, 1, "key 3 (source row 2)");
        await Names(
            () => table.Merge(Wide).OnCondition("target.id = source.id AND target.v + 1 > 0").WhenMatched().Delete().ExecuteAsync(),
            ErrorCodes.Overflow,
            1,
            "key 2 (source row 1)");
    }

    [Fact]
    public async Task Target_rows_that_no_source_row_speaks_of()
    {
        DeltaTable table = await TableAsync(Batch(("id", Longs(1, 7)), ("v", Ints(1, int.MaxValue))));

        await Names(
            () => table.Merge(Wide).On("id").WhenNotMatchedBySource(MergeScope.WholeTable).Update(set => set.Set("v", "v + 1")).ExecuteAsync(),
            ErrorCodes.Overflow,
            1,
            "key 7 (no source row)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rules_of_the_table(bool partitioned)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "7 70 c"), new() { PartitionColumns = partitioned ? ["t"] : [] });
        await table.AddConstraintAsync("positive", "n > 0");
        string[] rows = [.. Enumerable.Range(1, 30).Select(id => $"{id} {(id % 2 == 0 ? -id : id)} x")];

        InvalidRowsException error = await Names(
            () => table.Merge(Rows(rows)).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll()
                .WhenNotMatchedBySource(MergeScope.Where(Filter.Column("n").EqualTo(0))).Delete().ExecuteAsync(),
            ErrorCodes.ConstraintViolation,
            15,
            "'positive'",
            "key 2 (source row 1); key 4 (source row 3)",
            "and more");
        error.SampleKeys.Should().Equal("2", "4", "6", "8", "10", "12", "14", "16", "18", "20");
    }

    [Fact]
    public async Task A_generated_column_and_an_empty_partition_value()
    {
        Schema generated = new(
            [
                new Field("id", Int64Type.Default, true), new Field("n", Int64Type.Default, true),
                new Field("twice", Int64Type.Default, true, new Dictionary<string, string> { ["delta.generationExpression"] = "n * 2" }),
            ],
            null);
        DeltaTable doubles = await DeltaTable.CreateAsync(new Delta.Storage.InMemoryTableStorage(), generated);
        DeltaTable parts = await TableAsync(Rows("1 10 a", "2 20 b"), new() { PartitionColumns = ["t"] });

        await Names(
            () => doubles.Merge(Batch(("id", Longs(1, 5)), ("n", Longs(3, 4)), ("twice", Longs(6, 9)))).On("id").WhenNotMatched().InsertAll().ExecuteAsync(),
            ErrorCodes.GeneratedColumnMismatch,
            1,
            "'twice'",
            "key 5 (source row 1)");
        await Names(
            () => parts.Merge(Rows("9 9 z", "2 21 b")).On("id").WhenMatched().Update(set => set.Set("t", "''")).ExecuteAsync(),
            ErrorCodes.EmptyPartitionValue,
            1,
            "key 2 (source row 1)");
    }

    // No row is to blame for what is wrong with each of them.
    [Fact]
    public async Task A_column_that_takes_no_values_is_an_error_of_the_statement()
    {
        Schema numbered = new(
            [
                new Field("id", Int64Type.Default, true),
                new Field("no", Int64Type.Default, true, new Dictionary<string, string>
                {
                    ["delta.identity.start"] = "1", ["delta.identity.step"] = "1", ["delta.identity.allowExplicitInsert"] = "false",
                }),
            ],
            null);
        DeltaTable table = await DeltaTable.CreateAsync(new Delta.Storage.InMemoryTableStorage(), numbered);

        Func<Task> merge = () => table.Merge(Batch(("id", Longs(1)), ("no", Longs(5)))).On("id").WhenNotMatched().InsertAll().ExecuteAsync();

        InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.SampleKeys.Count).Should().Be((ErrorCodes.IdentityValue, 0));
    }

    private static async Task<InvalidRowsException> Names(Func<Task> merge, string code, long count, params string[] texts)
    {
        InvalidRowsException error = (await merge.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count, error.Table).Should().Be((code, count, "memory"), error.Message);
        foreach (string text in texts)
        {
            error.Message.Should().Contain(text);
        }

        error.SampleKeys.Should().NotBeEmpty();
        return error;
    }
}
