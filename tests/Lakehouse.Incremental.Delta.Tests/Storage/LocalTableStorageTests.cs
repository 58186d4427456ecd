using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Storage;

public sealed class LocalTableStorageTests : StorageContractTests, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FaultyFile _native = new();
    private readonly LocalTableStorage _storage;

    public LocalTableStorageTests() => _storage = new LocalTableStorage(_folder.File("table"), _native, IdSource.System);

    private protected override ITableStorage Storage => _storage;

    private string[] FilesOnDisk => Directory.Exists(_storage.Name)
        ? [.. Directory.EnumerateFiles(_storage.Name, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(_storage.Name, path))]
        : [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_write_syncs_content_then_name()
    {
        await _storage.PutIfAbsentAsync("log/warm", Bytes("x"));
        _native.Calls.Clear();
        await _storage.PutIfAbsentAsync("log/0.json", Bytes("x"));
        _native.Calls.Should().Equal("sync", "link", "syncdir");

        _native.Calls.Clear();
        await _storage.PutAsync("log/last", Bytes("x"));
        _native.Calls.Should().Equal("sync", "rename", "syncdir");
        FilesOnDisk.Should().BeEquivalentTo("log/warm", "log/0.json", "log/last");
    }

    [Fact]
    public async Task New_directories_are_synced_up_to_the_root()
    {
        await _storage.PutAsync("a/b/x", Bytes("x"));

        // The folder that holds the root, the root, a; then b for the file.
        _native.Calls.Should().Equal("syncdir", "syncdir", "syncdir", "sync", "rename", "syncdir");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Without_hard_links_creation_is_still_exclusive(bool noLinks, bool noExclusiveRename)
    {
        _native.NoLinks = noLinks;
        _native.NoExclusiveRename = noExclusiveRename;

        (await _storage.PutIfAbsentAsync("log/0.json", Bytes("first"))).Should().BeTrue();
        (await _storage.PutIfAbsentAsync("log/0.json", Bytes("second"))).Should().BeFalse();
        (await ReadAsync("log/0.json")).Should().Be("first");
        await Of_many_threads_exactly_one_creates_a_file();
        FilesOnDisk.Should().OnlyContain(path => !LocalPublisher.IsTemp(Path.GetFileName(path)));
    }

    [Fact]
    public async Task A_failed_fsync_fails_the_write_and_leaves_nothing()
    {
        await _storage.PutAsync("log/x", Bytes("old"));
        _native.Calls.Clear();
        _native.FailSync = true;

        await ShouldFailAsync(async () => await _storage.PutIfAbsentAsync("log/0.json", Bytes("x")));
        await ShouldFailAsync(async () => await _storage.PutAsync("log/x", Bytes("new")));
        await ShouldFailAsync(async () =>
        {
            await using StorageWriter writer = await _storage.CreateAsync("data/y");
            await writer.Stream.WriteAsync(Bytes("content"));
            await writer.CompleteAsync();
        });

        // Each descriptor was tried once: after a failed fsync a second one may report a success that is not true.
        _native.Calls.Count(call => call == "sync").Should().Be(3);
        _native.Calls.Should().NotContain("link").And.NotContain("rename");
        FilesOnDisk.Should().BeEquivalentTo("log/x");
        (await ReadAsync("log/x")).Should().Be("old");

        _native.FailSync = false;
        (await _storage.PutIfAbsentAsync("log/0.json", Bytes("x"))).Should().BeTrue("the name was never taken");
    }

    [Fact]
    public async Task A_failed_fsync_of_the_directory_is_reported()
    {
        await _storage.PutAsync("log/x", Bytes("old"));
        _native.FailSyncDirectory = true;

        await ShouldFailAsync(async () => await _storage.PutIfAbsentAsync("log/0.json", Bytes("x")));
        await ShouldFailAsync(async () => await _storage.PutAsync("log/x", Bytes("new")));
        FilesOnDisk.Should().OnlyContain(path => !LocalPublisher.IsTemp(Path.GetFileName(path)));
    }

    [Fact]
    public async Task A_failed_rename_keeps_the_old_content()
    {
        await _storage.PutAsync("log/x", Bytes("old"));
        _native.FailRename = true;

        await ShouldFailAsync(async () => await _storage.PutAsync("log/x", Bytes("new")));
        (await ReadAsync("log/x")).Should().Be("old");
        FilesOnDisk.Should().BeEquivalentTo("log/x");
    }

    [Fact]
    public async Task What_a_crash_left_behind_is_not_listed()
    {
        await _storage.PutAsync("log/0.json", Bytes("x"));
        string temp = "." + IdSource.System.NewId().ToString("N") + ".tmp";
        await File.WriteAllTextAsync(Path.Combine(_storage.Name, "log", temp), "torn");

        (await _storage.ListAsync("").Select(file => file.Path).ToListAsync()).Should().Equal("log/0.json");
    }

    [Fact]
    public async Task Links_out_of_the_root_are_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _storage.PutAsync("inside/x", Bytes("inside"));
        string outside = _folder.File("table-evil");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(_storage.Name, "out"), outside);
        File.CreateSymbolicLink(Path.Combine(_storage.Name, "file"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(Path.Combine(_storage.Name, "in"), Path.Combine(_storage.Name, "inside"));

        Func<Task>[] calls =
        [
            async () => await _storage.ReadAsync("out/secret"),
            async () => await _storage.ReadAsync("file"),
            async () => await _storage.StatAsync("file"),
            async () => await _storage.OpenReadAsync("out/secret"),
            async () => await _storage.PutAsync("out/new", Bytes("x")),
            async () => await _storage.PutIfAbsentAsync("out/new", Bytes("x")),
            async () => await _storage.DeleteAsync("out/secret"),
            async () => await _storage.ListAsync("out").ToListAsync(),
        ];
        foreach (Func<Task> call in calls)
        {
            (await call.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
        }

        (await ReadAsync("in/x")).Should().Be("inside");
        (await _storage.ListAsync("").Select(file => file.Path).ToListAsync()).Should().NotContain(path => path.StartsWith("out/"));
        File.Exists(Path.Combine(outside, "secret")).Should().BeTrue();
    }

    private static async Task ShouldFailAsync(Func<Task> write) =>
        (await write.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.StorageFailure);
}
