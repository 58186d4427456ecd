using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

public class TableRaceTests : IDisposable
{
    private const int Writers = 8;
    private const int Rounds = 12;
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_append_of_eight_writers_is_lost_or_doubled(bool local)
    {
        ITableStorage storage = local ? new LocalTableStorage(_folder.Path) : new InMemoryTableStorage();
        await DeltaTable.CreateAsync(
            storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "7" } });

        List<long>[] versions = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            DeltaTable table = await DeltaTable.OpenAsync(storage, Kit.Options);
            List<long> own = [];
            for (int round = 0; round < Rounds; round++)
            {
                AppendOptions once = new() { TxnAppId = $"writer {writer}", TxnVersion = round };
                own.Add((await table.AppendAsync(Kit.Rows(writer * 1000 + round), once)).Version!.Value);
                (await table.AppendAsync(Kit.Rows(writer * 1000 + round), once)).AlreadyApplied.Should().BeTrue();
            }

            return own;
        })));

        versions.SelectMany(static own => own).Order().Should().Equal(Enumerable.Range(1, Writers * Rounds).Select(static version => (long)version));
        DeltaTable final = await DeltaTable.OpenAsync(storage);
        (await final.IdsAsync()).Should().Equal(Enumerable.Range(0, Writers).SelectMany(
            static writer => Enumerable.Range(0, Rounds).Select(round => (long)(writer * 1000 + round))));
        final.CurrentSnapshot.RowCount.Should().Be(Writers * Rounds);
    }

    [Fact]
    public async Task Deletes_of_eight_writers_on_one_file_add_up()
    {
        InMemoryTableStorage storage = new();
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema);
        await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 200).Select(static id => (long)id)]));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            DeltaTable own = await DeltaTable.OpenAsync(storage, Kit.Options);
            for (int round = 0; round < 5; round++)
            {
                long target = writer * 5 + round;
                (await own.DeleteAsync(id => id == target)).Should().NotBeNull();
            }
        })));
        (await table.IdsAsync()).Should().Equal(Enumerable.Range(40, 160).Select(static id => (long)id));
        table.CurrentSnapshot.Version.Should().Be(41);
    }

    [Fact]
    public async Task One_instance_serves_writers_and_readers_at_once()
    {
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Kit.Schema);
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                // Two rows in each commit: a reader sees both or neither.
                long id = (writer * Rounds) + round;
                await table.AppendAsync(Kit.Rows(id, -id - 1));
            }
        }))];
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            int seen = 0;
            while (seen < 2 * Writers * Rounds)
            {
                long[] ids = await table.IdsAsync();
                ids.Where(static id => id >= 0).Should().Equal(ids.Where(static id => id < 0).Select(static id => -id - 1).Order());
                ids.Length.Should().BeGreaterThanOrEqualTo(seen);
                seen = ids.Length;
            }
        }))];
        await Task.WhenAll([.. writers, .. readers]);
        table.CurrentSnapshot.Version.Should().Be(Writers * Rounds);
    }

    public void Dispose() => _folder.Dispose();
}
