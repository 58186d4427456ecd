using System.Globalization;
using System.Security.Cryptography;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>The same merge of the same version, in processes that believe in machines of different sizes, writes the same files.</summary>
public sealed class ThreadCountTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_their_order_and_the_split_into_files_do_not_depend_on_the_number_of_processors(bool vectors)
    {
        await RepeatableMerge.CreateAsync(new LocalTableStorage(_folder.File("origin")), vectors);
        List<string[]> contents = [];
        foreach (int processors in (int[])[1, 2, 8])
        {
            string copy = _folder.File($"copy-{processors}");
            Copy(_folder.File("origin"), copy);
            await MergeAsync(copy, processors);
            contents.Add(await ContentAsync(copy));
        }

        contents[0].Should().HaveCountGreaterThan(10);
        contents[1].Should().Equal(contents[0]);
        contents[2].Should().Equal(contents[0]);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task MergeAsync(string folder, int processors)
    {
        string count = processors.ToString(CultureInfo.InvariantCulture);
        using HostProcess host = new(new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = count }, "merge", folder);
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
        foreach (DeltaAction action in await table.Log.ReadCommitAsync(1 + 1, CancellationToken.None))
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
