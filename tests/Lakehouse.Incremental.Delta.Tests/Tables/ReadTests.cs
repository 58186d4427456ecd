using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

public class ReadTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Columns_come_in_the_order_asked_for()
    {
        DeltaTable table = await NewAsync(1, 2);
        RecordBatch batch = (await table.ReadAsync(["name", "id"]).ListAsync()).Single();
        batch.Schema.FieldsList.Select(static field => field.Name).Should().Equal("name", "id");
        Kit.Texts(batch, "name").Should().Equal("n1", "n2");
        Kit.Longs(batch, "id").Should().Equal(1, 2);
    }

    [Fact]
    public async Task Rows_can_be_counted_without_columns()
    {
        DeltaTable table = await NewAsync(1, 2, 3);
        await table.DeleteAsync(static id => id == 2);
        (await table.ReadAsync(new ReadOptions { Columns = [] }).ListAsync()).Sum(static batch => batch.Length).Should().Be(2);
    }

    [Fact]
    public async Task Unknown_and_repeated_columns_are_refused()
    {
        DeltaTable table = await NewAsync(1);
        (await Kit.CodeOfAsync(() => table.ReadAsync(["ID"]).ListAsync())).Should().Be(ErrorCodes.SchemaMismatch);
        (await Kit.CodeOfAsync(() => table.ReadAsync(["id", "id"]).ListAsync())).Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task Batches_are_no_greater_than_asked_for()
    {
        DeltaTable table = await NewAsync(1, 2, 3, 4, 5);
        List<RecordBatch> batches = await table.ReadAsync(new ReadOptions { BatchSize = 2 }).ListAsync();
        batches.Select(static batch => batch.Length).Should().Equal(2, 2, 1);
        batches.SelectMany(static batch => Kit.Longs(batch, "id")).Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task A_reading_shows_the_version_it_began_with()
    {
        DeltaTable table = await NewAsync(1);
        await table.AppendAsync(Kit.Rows(2));
        await using IAsyncEnumerator<RecordBatch> reading = table.ReadAsync().GetAsyncEnumerator();
        (await reading.MoveNextAsync()).Should().BeTrue();
        await table.OverwriteAsync(Kit.Rows(7));
        List<long> seen = [.. Kit.Longs(reading.Current, "id")];
        while (await reading.MoveNextAsync())
        {
            seen.AddRange(Kit.Longs(reading.Current, "id"));
        }

        seen.Should().BeEquivalentTo([1L, 2L]);
    }

    [Fact]
    public async Task A_vector_that_deletes_rows_the_file_does_not_have_is_noticed()
    {
        DeltaTable table = await NewAsync(1, 2);
        DeletionVectorDescriptor vector = (await table.DeletionVectors.WriteAsync([DeletionVector.Of([5])], default))[0];
        await table.CommitAsync(
            (snapshot, _) => Task.FromResult<CommitPlan?>(new CommitPlan
            {
                Actions = [RemoveFile.Of(snapshot.Files.Single(), 0, true), snapshot.Files.Single() with { DeletionVector = vector }],
                Info = new CommitInfo(),
            }),
            default);
        (await Kit.CodeOfAsync(() => table.IdsAsync())).Should().Be(ErrorCodes.CorruptFile);
    }

    [Fact]
    public async Task Deleting_goes_on_where_an_earlier_delete_stopped()
    {
        DeltaTable table = await NewAsync([.. Enumerable.Range(0, 100).Select(static id => (long)id)]);
        await table.DeleteAsync(static id => id % 2 == 0);
        await table.DeleteAsync(static id => id % 3 == 0);
        (await table.DeleteAsync(static id => id % 6 == 0)).Should().BeNull("those rows are gone already");
        (await table.IdsAsync()).Should().Equal(
            Enumerable.Range(0, 100).Select(static id => (long)id).Where(static id => id % 2 != 0 && id % 3 != 0));
        AddFile file = table.CurrentSnapshot.Files.Single();
        file.DeletionVector!.Cardinality.Should().Be(67);
        file.Stats.Should().Contain("\"numRecords\":100").And.Contain("\"tightBounds\":false");
        table.CurrentSnapshot.RowCount.Should().Be(33);
        await table.DeleteAsync(static _ => true);
        table.CurrentSnapshot.FileCount.Should().Be(0, "a file without live rows leaves the table");
    }

    private async Task<DeltaTable> NewAsync(params long[] ids)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows(ids));
        return table;
    }
}
