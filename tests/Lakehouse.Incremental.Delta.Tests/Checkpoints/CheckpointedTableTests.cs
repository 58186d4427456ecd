using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public class CheckpointedTableTests
{
    private static readonly StructType Schema = new([new StructField("id", PrimitiveType.Long)]);

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task A_table_opens_from_its_checkpoint_alone()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, Tables.Kit.Schema,
            new() { Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = "5" } });
        for (int i = 0; i < 5; i++)
        {
            await table.AppendAsync(Tables.Kit.Rows(i, i + 100));
        }

        for (int version = 0; version < 5; version++)
        {
            await _storage.DeleteAsync(LogPaths.Commit(version));
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        reopened.CurrentSnapshot.Version.Should().Be(5);
        (await Tables.Kit.IdsAsync(reopened)).Should().Equal(0, 1, 2, 3, 4, 100, 101, 102, 103, 104);
    }

    [Fact]
    public async Task Several_parts_and_many_rows_are_one_checkpoint()
    {
        AddFile[] files = [.. Enumerable.Range(0, 120_000).Select(static i => Add($"f{i:D6}"))];
        Snapshot large = TestTable.Of(Schema, [], [], files);
        await new CheckpointWriter(_storage, TimeProvider.System, IdSource.System).WriteAsync(large, CancellationToken.None);
        await _storage.PutAsync("part2", await _storage.ReadAsync(LogPaths.Checkpoint(0)));
        IReadOnlyList<DeltaAction> read = await ReadAsync(LogPaths.Checkpoint(0), "part2");
        read.OfType<AddFile>().Select(static file => file.Path).Should().Equal(files.Concat(files).Select(static file => file.Path));
    }

    private Task<IReadOnlyList<DeltaAction>> ReadAsync(params string[] paths) =>
        new ParquetCheckpointReader().ReadAsync(_storage, new CheckpointFiles(0, paths), CancellationToken.None);

    private static AddFile Add(string path) => new() { Path = path, Size = 10, ModificationTime = 1, DataChange = true };
}
