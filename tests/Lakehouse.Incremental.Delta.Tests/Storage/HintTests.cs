using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Storage;

/// <summary>Files that only spare readers work: exclusive and whole like others, but the disk is not waited for.</summary>
public sealed class HintTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hint-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_first_hint_of_a_name_stays()
    {
        foreach (ITableStorage storage in (ITableStorage[])[new LocalTableStorage(_root), new InMemoryTableStorage()])
        {
            (await storage.PutHintAsync("a/b.crc", "first"u8.ToArray())).Should().BeTrue();
            (await storage.PutHintAsync("a/b.crc", "other"u8.ToArray())).Should().BeFalse();
            (await storage.ReadAsync("a/b.crc")).Should().Equal("first"u8.ToArray());
        }

        Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Should().ContainSingle("no hidden file is left");
    }

    [Fact]
    public async Task A_hint_that_cannot_be_written_is_a_typed_error()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "a"), "a file where a directory would be");
        (await FluentActions.Awaiting(async () => await new LocalTableStorage(_root).PutHintAsync("a/b.crc", "x"u8.ToArray())).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.StorageFailure);
    }
}
