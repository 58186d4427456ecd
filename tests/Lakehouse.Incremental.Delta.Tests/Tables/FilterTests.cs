using Apache.Arrow;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

public class FilterTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Only_matching_rows_that_are_not_deleted_are_read()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 50).Select(static id => (long)id)]));
        await table.DeleteAsync(static id => id % 2 == 0);
        (await IdsAsync(table, Filter.Column("id").LessThan(10))).Should().Equal(1, 3, 5, 7, 9);
        (await IdsAsync(table, Filter.Column("name").EqualTo("n7") | Filter.Column("id").GreaterThanOrEqualTo(48))).Should().Equal(7, 49);
        (await IdsAsync(table, Filter.Column("id").EqualTo(4))).Should().BeEmpty();
    }

    [Fact]
    public async Task The_filter_may_speak_of_columns_that_are_not_asked_for()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows([(1, "a"), (2, null), (null, "c")]));
        ReadOptions options = new() { Columns = ["name"], Filter = Filter.Column("id").NotEqualTo(1) };
        RecordBatch batch = (await table.ReadAsync(options).ListAsync()).Single();
        batch.Schema.FieldsList.Select(static field => field.Name).Should().Equal("name");
        Kit.Texts(batch, "name").Should().Equal([null]);
    }

    [Fact]
    public async Task Files_that_cannot_match_are_not_opened()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(1, 2, 3));
        string first = (await Kit.FilesAsync(_storage, ".parquet")).Single();
        await table.AppendAsync(Kit.Rows(100, 200));
        await _storage.DeleteAsync(first);

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await IdsAsync(reopened, Filter.Column("id").GreaterThan(3))).Should().Equal(100, 200);
        (await Kit.CodeOfAsync(() => IdsAsync(reopened, Filter.Column("id").GreaterThanOrEqualTo(3)))).Should().Be(ErrorCodes.CorruptFile);
    }

    [Fact]
    public async Task Partitions_that_cannot_match_are_not_opened()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { PartitionColumns = ["name"], ChangeDataFeed = true });
        await table.AppendAsync(Kit.Rows([(1, "a/b"), (2, "c"), (3, null), (4, "c"), (5, "")]));
        RecordBatch[] nameless = [.. await table.ReadAsync(new ReadOptions { Filter = Filter.Column("name").IsNull() }).ListAsync()];
        nameless.SelectMany(static batch => Kit.Longs(batch, "id")).Should().BeEquivalentTo([3L, 5L], "the format has no empty partition values");
        List<string> files = await Kit.FilesAsync(_storage, ".parquet");
        foreach (string path in files.Where(static path => !path.StartsWith("name=c/", StringComparison.Ordinal)))
        {
            await _storage.DeleteAsync(path);
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await IdsAsync(reopened, Filter.Column("name").EqualTo("c"))).Should().Equal(2, 4);
        (await IdsAsync(reopened, Filter.Column("name").EqualTo("c") & Filter.Column("id").GreaterThan(2))).Should().Equal(4);
    }

    [Fact]
    public async Task Changes_of_a_partitioned_table_carry_the_partition_values()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema, new() { PartitionColumns = ["name"], ChangeDataFeed = true });
        await table.AppendAsync(Kit.Rows([(1, "x"), (2, "y"), (3, "x")]));
        await table.DeleteAsync(static id => id == 3);
        await table.OverwriteAsync(Kit.Rows());
        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        List<RecordBatch> changes = await reopened.ReadChangesAsync(1, 3).ListAsync();
        changes.SelectMany(static batch => Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "name"), Kit.Texts(batch, "_change_type"))).Should()
            .BeEquivalentTo(new[]
            {
                (1L, "x", "insert"), (2L, "y", "insert"), (3L, "x", "insert"), (3L, "x", "delete"), (1L, "x", "delete"), (2L, "y", "delete"),
            });
    }

    [Fact]
    public async Task A_filter_that_does_not_fit_is_refused()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        (await Kit.CodeOfAsync(() => IdsAsync(table, Filter.Column("nothing").IsNull()))).Should().Be(ErrorCodes.SchemaMismatch);
        (await Kit.CodeOfAsync(() => IdsAsync(table, Filter.Column("id").EqualTo("one")))).Should().Be(ErrorCodes.SchemaMismatch);
    }

    private static async Task<long[]> IdsAsync(DeltaTable table, Filter filter) =>
        [.. (await table.ReadAsync(new ReadOptions { Filter = filter }).ListAsync()).SelectMany(static batch => Kit.Longs(batch, "id")).Order()];
}
