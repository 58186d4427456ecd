using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>What a table does by itself, within a merge: generated and numbered columns, partitions of odd values, vectors that were once allowed.</summary>
public sealed class TableRulesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_goes_to_the_partition_that_follows_from_its_new_values(bool vectors)
    {
        Schema schema = Schema(("twice", "delta.generationExpression", "n * 2"));
        DeltaTable table = await DeltaTable.CreateAsync(
            new InMemoryTableStorage(), schema, new() { PartitionColumns = ["twice"], ChangeDataFeed = true, DeletionVectors = vectors });
        await table.AppendAsync(Rows(MergeKit.Schema("id", "n"), "1 10", "2 20", "4 10"));

        await Upsert(table, Rows(MergeKit.Schema("id", "n"), "1 20", "3 _"));

        (await RowsAsync(table)).Should().Equal("1 20 40", "2 20 40", "3 _ _", "4 10 20");
        table.CurrentSnapshot.Files.Select(static file => file.PartitionValues["twice"]).Distinct().Should().BeEquivalentTo("20", "40", null);
        (await ChangesAsync(table, 2)).Should().BeEquivalentTo("update_preimage 1 10 20", "update_postimage 1 20 40", "insert 3 _ _");
        (await CountAsync(table, Filter.Column("twice").EqualTo(40L))).Should().Be(2);
    }

    [Fact]
    public async Task Numbers_go_on_through_clauses_that_give_them_and_that_do_not()
    {
        Schema schema = Schema(("no", "delta.identity.start", "100"), ("no", "delta.identity.step", "1"), ("no", "delta.identity.allowExplicitInsert", "true"));
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), schema);
        await table.AppendAsync(Rows(MergeKit.Schema("id", "n"), "1 10", "2 20"));

        await table.Merge(Batch(("id", Longs(7, 8, 9)), ("n", Longs(1, 2, 3)), ("no", Longs(0, 5, 0)))).On("id")
            .WhenNotMatched("id = 8").InsertAll()
            .WhenNotMatched().Insert(values => values.Set("id", "id").Set("n", "n"))
            .ExecuteAsync();
        await Upsert(table, Rows(MergeKit.Schema("id", "n"), "2 21", "10 4"));

        (await RowsAsync(table)).Should().Equal("1 10 100", "10 4 104", "2 21 101", "7 1 102", "8 2 5", "9 3 103");
    }

    [Fact]
    public async Task Floats_that_partition_a_table_match_as_other_floats_do()
    {
        DoubleArray Doubles(params double[] values) => new DoubleArray.Builder().AppendRange(values).Build();
        DeltaTable table = await TableAsync(
            Batch(("d", Doubles(0.0, -0.0, double.NaN, 1.5)), ("v", Longs(1, 2, 3, 4))), new() { PartitionColumns = ["d"] });

        RawMergeResult result = await table.Merge(Batch(("d", Doubles(-0.0, double.NaN, 2)), ("v", Longs(10, 30, 50)))).On("d")
            .WhenMatched().Update(set => set.Set("v", "source.v")).WhenNotMatched().InsertAll().ExecuteAsync();

        (await RowsAsync(table)).Should().BeEquivalentTo("0 10", "-0 10", "1.5 4", "2 50", "NaN 30");
        result.NumTargetRowsUpdated.Should().Be(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_can_leave_for_the_partition_of_null_and_come_back(bool vectors)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b"), new() { PartitionColumns = ["t"], DeletionVectors = vectors });

        await Upsert(table, Rows("1 10 _"));
        (await CountAsync(table, Filter.Column("t").IsNull())).Should().Be(1);
        await Upsert(table, Rows("1 10 b"));

        (await RowsAsync(table)).Should().Equal("1 10 b", "2 20 b");
    }

    [Fact]
    public async Task Vectors_from_before_they_were_switched_off_still_count()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c"), new() { ChangeDataFeed = true });
        await table.DeleteAsync(Filter.Column("id").EqualTo(1L));
        await table.SetPropertiesAsync(new Dictionary<string, string?> { ["delta.enableDeletionVectors"] = "false" });

        RawMergeResult result = await Upsert(table, Rows("1 11 x", "2 21 x"));

        (await RowsAsync(table)).Should().Equal("1 11 x", "2 21 x", "3 30 c");
        (result.NumTargetRowsUpdated, result.NumTargetRowsInserted, result.NumTargetRowsCopied, result.NumTargetDeletionVectorsRemoved)
            .Should().Be((1, 1, 1, 1));
        table.CurrentSnapshot.Files.Should().OnlyContain(static file => file.DeletionVector == null);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    public async Task Renamed_columns_are_known_by_their_new_names_only(string mode)
    {
        DeltaTable table = await TableAsync(
            Rows("1 10 a", "2 20 b"), new() { Properties = new Dictionary<string, string> { ["delta.columnMapping.mode"] = mode } });
        await table.RenameColumnAsync("n", "m");

        await table.Merge(Rows("2 21 x", "3 30 y")).On("id").WhenMatched("target.m = 20").Update(set => set.Set("m", "source.n"))
            .WhenNotMatched().Insert(values => values.Set("id", "source.id").Set("m", "n").Set("t", "t")).ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 10 a", "2 21 b", "3 30 y");
        Func<Task> old = () => table.Merge(Rows("2 21 x")).On("id").WhenMatched("target.n = 20").Delete().ExecuteAsync();
        (await old.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("target.n").And.Contain("'WHEN MATCHED AND target.n = 20'");
    }

    private static Task<RawMergeResult> Upsert(DeltaTable table, RecordBatch source) =>
        table.Merge(source).On("id").WhenMatched().UpdateAll().WhenNotMatched().InsertAll().ExecuteAsync();

    private static async Task<long> CountAsync(DeltaTable table, Filter filter)
    {
        long rows = 0;
        await foreach (RecordBatch batch in table.ReadAsync(new ReadOptions { Filter = filter }))
        {
            rows += batch.Length;
        }

        return rows;
    }

    // The columns id and n, and one that the table fills.
    private static Schema Schema(params (string Column, string Key, string Value)[] filled) => new(
        [
            .. MergeKit.Schema("id", "n").FieldsList,
            new Field(filled[0].Column, Int64Type.Default, true, filled.Select(static f => KeyValuePair.Create(f.Key, f.Value))),
        ],
        null);
}
