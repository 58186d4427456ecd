using System.Text;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Storage;

/// <summary>What every storage owes its callers; run for each implementation.</summary>
public abstract class StorageContractTests
{
    private protected abstract ITableStorage Storage { get; }

    [Fact]
    public async Task PutIfAbsent_keeps_the_first_content()
    {
        (await Storage.PutIfAbsentAsync("_delta_log/0.json", Bytes("first"))).Should().BeTrue();
        (await Storage.PutIfAbsentAsync("_delta_log/0.json", Bytes("second"))).Should().BeFalse();

        (await ReadAsync("_delta_log/0.json")).Should().Be("first");
    }

    [Fact]
    public async Task Put_replaces()
    {
        await Storage.PutAsync("a/b", Bytes("old"));
        await Storage.PutAsync("a/b", Bytes("newer"));

        (await ReadAsync("a/b")).Should().Be("newer");
        (await Storage.StatAsync("a/b"))!.Size.Should().Be(5);
    }

    [Fact]
    public async Task Listing_is_in_ordinal_order_of_whole_paths()
    {
        string[] paths = ["a", "a-b", "a.c/x", "b/1", "b/2/deep", "b/2.x", "b0", "é", "Z"];
        foreach (string path in paths)
        {
            await Storage.PutAsync(path, Bytes(path));
        }

        List<StoredFile> listed = await Storage.ListAsync("").ToListAsync();

        listed.Select(file => file.Path).Should().Equal(paths.Order(StringComparer.Ordinal));
        listed.Should().OnlyContain(file => file.Size == Encoding.UTF8.GetByteCount(file.Path));
    }

    [Theory]
    [InlineData("b/1", new[] { "b/2.x", "b/2/deep", "b0" })]
    [InlineData("b/2/a", new[] { "b/2/deep", "b0" })]
    [InlineData("b/3", new[] { "b0" })]
    [InlineData("b1", new string[0])]
    [InlineData("A", new[] { "a", "b/1", "b/2.x", "b/2/deep", "b0" })]
    public async Task Listing_starts_after_a_path(string startAfter, string[] expected)
    {
        foreach (string path in new[] { "a", "b/1", "b/2/deep", "b/2.x", "b0" })
        {
            await Storage.PutAsync(path, Bytes(path));
        }

        (await Storage.ListAsync("", startAfter).Select(file => file.Path).ToListAsync()).Should().Equal(expected);
    }

    [Fact]
    public async Task Listing_a_directory_shows_only_what_is_below_it()
    {
        await Storage.PutAsync("log/1", Bytes("1"));
        await Storage.PutAsync("log2/1", Bytes("1"));

        (await Storage.ListAsync("log").Select(file => file.Path).ToListAsync()).Should().Equal("log/1");
        (await Storage.ListAsync("none").ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_written_file_appears_only_when_complete()
    {
        await using (StorageWriter writer = await Storage.CreateAsync("data/x"))
        {
            await writer.Stream.WriteAsync(Bytes("content"));
            (await Storage.StatAsync("data/x")).Should().BeNull();
            (await Storage.ListAsync("").ToListAsync()).Should().BeEmpty();
            (await writer.CompleteAsync()).Should().Be(7);
        }

        (await ReadAsync("data/x")).Should().Be("content");
    }

    [Fact]
    public async Task A_file_that_is_not_completed_leaves_nothing()
    {
        await using (StorageWriter writer = await Storage.CreateAsync("data/x"))
        {
            await writer.Stream.WriteAsync(Bytes("content"));
        }

        (await Storage.StatAsync("data/x")).Should().BeNull();
        (await Storage.ListAsync("").ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Completing_over_an_existing_file_fails_and_keeps_it()
    {
        await Storage.PutAsync("x", Bytes("first"));
        await using StorageWriter writer = await Storage.CreateAsync("x");
        await writer.Stream.WriteAsync(Bytes("second"));

        await writer.Invoking(async w => await w.CompleteAsync()).Should().ThrowAsync<IOException>();
        (await ReadAsync("x")).Should().Be("first");
    }

    [Fact]
    public async Task Ranges_are_exact()
    {
        await Storage.PutAsync("x", Bytes("0123456789"));

        (await Storage.ReadRangeAsync("x", 3, 4)).Should().Equal(Bytes("3456"));
        (await Storage.ReadRangeAsync("x", 10, 0)).Should().BeEmpty();
        await Storage.Invoking(async s => await s.ReadRangeAsync("x", 8, 3)).Should().ThrowAsync<EndOfStreamException>();
        await Storage.Invoking(async s => await s.ReadRangeAsync("x", 11, 0)).Should().ThrowAsync<EndOfStreamException>();
    }

    [Fact]
    public async Task A_stream_can_be_read_from_any_place()
    {
        await Storage.PutAsync("x", Bytes("0123456789"));
        await using Stream stream = await Storage.OpenReadAsync("x");
        stream.Seek(-2, SeekOrigin.End);
        byte[] tail = new byte[2];
        await stream.ReadExactlyAsync(tail);

        tail.Should().Equal(Bytes("89"));
        stream.Length.Should().Be(10);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none/deeper")]
    public async Task What_is_not_there_is_reported_as_such(string path)
    {
        (await Storage.StatAsync(path)).Should().BeNull();
        await Storage.DeleteAsync(path);
        await Storage.Invoking(async s => await s.ReadAsync(path)).Should().ThrowAsync<FileNotFoundException>();
        await Storage.Invoking(async s => await s.OpenReadAsync(path)).Should().ThrowAsync<FileNotFoundException>();
    }

    [Fact]
    public async Task Delete_removes_one_file()
    {
        await Storage.PutAsync("a/x", Bytes("1"));
        await Storage.PutAsync("a/y", Bytes("1"));
        await Storage.DeleteAsync("a/x");

        (await Storage.ListAsync("").Select(file => file.Path).ToListAsync()).Should().Equal("a/y");
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./x")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("a//x")]
    [InlineData("a/")]
    [InlineData("a\\..\\x")]
    [InlineData("a\0x")]
    [InlineData("")]
    public async Task Paths_that_could_leave_the_root_are_refused(string path)
    {
        Func<Task>[] calls =
        [
            async () => await Storage.ReadAsync(path),
            async () => await Storage.StatAsync(path),
            async () => await Storage.ReadRangeAsync(path, 0, 1),
            async () => await Storage.OpenReadAsync(path),
            async () => await Storage.PutAsync(path, Bytes("x")),
            async () => await Storage.PutIfAbsentAsync(path, Bytes("x")),
            async () => await Storage.CreateAsync(path),
            async () => await Storage.DeleteAsync(path),
        ];
        foreach (Func<Task> call in calls)
        {
            (await call.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
        }
    }

    [Fact]
    public async Task Of_many_threads_exactly_one_creates_a_file()
    {
        const int Threads = 8;
        for (int round = 0; round < 200; round++)
        {
            string path = $"_delta_log/{round}";
            using Barrier barrier = new(Threads);
            Task<bool>[] racers = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    return Storage.PutIfAbsentAsync(path, Bytes($"racer {thread}")).AsTask().GetAwaiter().GetResult();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            bool[] won = await Task.WhenAll(racers);

            won.Count(static w => w).Should().Be(1, "round {0}", round);
            (await ReadAsync(path)).Should().Be($"racer {Array.IndexOf(won, true)}");
        }
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected async Task<string> ReadAsync(string path) => Encoding.UTF8.GetString(await Storage.ReadAsync(path));
}
