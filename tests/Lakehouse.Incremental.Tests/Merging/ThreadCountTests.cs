using System.Globalization;
using System.Security.Cryptography;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>The same merge into the same version, in processes that believe in machines of different sizes, writes the same files.</summary>
public sealed class ThreadCountTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_raw_merge_writes_the_same_files_whatever_the_number_of_processors(bool vectors)
    {
        await RepeatableMerge.CreateAsync(new LocalTableStorage(_folder.File("origin")), vectors);
        await CheckAsync("merge");
    }

    [Theory]
    [InlineData(ScdType.Type1, true)]
    [InlineData(ScdType.Type1, false)]
    [InlineData(ScdType.Type2, true)]
    public async Task A_flow_writes_the_same_files_whatever_the_number_of_processors(ScdType scdType, bool vectors)
    {
        await RepeatableFlow.CreateAsync(new LocalTableStorage(_folder.File("origin")), scdType, vectors);
        await CheckAsync("merge", $"{scdType}");
    }

    public void Dispose() => _folder.Dispose();

    private async Task CheckAsync(string command, params string[] arguments)
    {
        List<string[]> contents = [];
        foreach (int processors in (int[])[1, 2, 8])
        {
            string copy = _folder.File($"copy-{processors}");
            Copy(_folder.File("origin"), copy);
            await MergeAsync(processors, [command, copy, .. arguments]);
            contents.Add(await ContentAsync(copy));
        }

        contents[0].Should().HaveCountGreaterThan(10);
        contents[1].Should().Equal(contents[0]);
        contents[2].Should().Equal(contents[0]);
    }

    private static async Task MergeAsync(int processors, string[] command)
    {
        string count = processors.ToString(CultureInfo.InvariantCulture);
        using HostProcess host = new(new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = count }, command);
        (await host.ReadLineAsync()).Should().Be(count);
        (await host.ExitAsync()).Should().Be(0);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    // What the merge committed, in the order of the log: names of files but for what is random in them, their rows and bytes, and the rows marked.
    private static async Task<string[]> ContentAsync(string folder)
    {
        DeltaTable table = await DeltaTable.OpenAsync(new LocalTableStorage(folder));
        List<string> content = [];
        foreach (DeltaAction action in await table.Log.ReadCommitAsync(table.CurrentSnapshot.Version, CancellationToken.None))
        {
            switch (action)
            {
                case AddFile file:
                    DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
                    content.Add($"{await FileAsync(table, file.Path)} {file.Stats} without {string.Join(' ', deleted.Rows)}");
                    break;
                case AddCdcFile file:
                    content.Add(await FileAsync(table, file.Path));
                    break;
                case RemoveFile file:
                    content.Add($"{file.Path} leaves");
                    break;
                default:
                    break;
            }
        }

        return [.. content];
    }

    private static async Task<string> FileAsync(DeltaTable table, string path)
    {
        byte[] bytes = await table.Storage.ReadAsync(path);
        int name = path.LastIndexOf('/') + 1;
        return $"{path[..(name + "part-00000".Length)]} {Convert.ToHexString(SHA256.HashData(bytes))}";
    }
}
