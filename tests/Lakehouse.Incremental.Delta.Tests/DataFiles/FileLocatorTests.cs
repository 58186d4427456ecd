using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public sealed class FileLocatorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("locator-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("a/b.parquet", "a/b.parquet")]
    [InlineData("p=1%202/b.parquet", "p=1 2/b.parquet")]
    [InlineData("./a.parquet", "a.parquet")]
    public void A_relative_path_lies_in_the_table(string logPath, string path)
    {
        InMemoryTableStorage table = new();
        new FileLocator(table, []).Locate(logPath).Should().Be((table, path));
    }

    [Fact]
    public void An_absolute_path_is_followed_into_allowed_folders_only()
    {
        FileLocator locator = new(new LocalTableStorage(Path.Combine(_root, "table")), [Path.Combine(_root, "other table")]);
        foreach (string form in (string[])[$"{_root}/other%20table/x/y.parquet", $"file:{_root}/other%20table/x/y.parquet", $"file://{_root}/other%20table/x/y.parquet",
            $"file://localhost{_root}/other%20table/x/y.parquet"])
        {
            (ITableStorage storage, string path) = locator.Locate(form);
            path.Should().Be("x/y.parquet");
            storage.Name.Should().Be(Path.Combine(_root, "other table"));
        }

        locator.Locate($"{_root}/table/z.parquet").Should().Be((locator.Table, "z.parquet"), "the table's own folder needs no permission");
    }

    [Theory]
    [InlineData("/other/x.parquet")]
    [InlineData("{0}/allowed2/x.parquet")]
    [InlineData("{0}/allowed/../secret")]
    [InlineData("{0}/allowed/%2E%2E/secret")]
    [InlineData("{0}/allowed/a/../../secret")]
    [InlineData("{0}/allowed//x")]
    [InlineData("{0}/allowed/a\\..\\secret")]
    [InlineData("file://host{0}/allowed/x")]
    [InlineData("//host/allowed/x")]
    [InlineData("s3://bucket/x.parquet")]
    [InlineData("../x.parquet")]
    [InlineData("./../x.parquet")]
    [InlineData("./")]
    [InlineData("a/%2e%2e/x.parquet")]
    public void Everything_else_is_refused(string logPath)
    {
        FileLocator locator = new(new LocalTableStorage(Path.Combine(_root, "table")), [Path.Combine(_root, "allowed")]);
        FluentActions.Invoking(() => locator.Locate(logPath.Replace("{0}", _root, StringComparison.Ordinal))).Should().Throw<LakehouseException>()
            .Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
    }

    [Fact]
    public async Task A_clone_reads_files_and_deletion_vectors_of_the_table_it_was_made_of()
    {
        string source = Path.Combine(_root, "source");
        DeltaTable original = await DeltaTable.CreateAsync(source, Kit.Schema);
        await original.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 20_000).Select(static i => (long)i)]));
        await original.DeleteAsync(static id => id % 3 == 0);
        AddFile file = original.CurrentSnapshot.Files.Single();
        string vector = DeletionVectorStore.PathOf(file.DeletionVector!)!;

        string folder = Path.Combine(_root, "clone");
        DeltaTable clone = await DeltaTable.CreateAsync(folder, Kit.Schema);
        AddFile absolute = file with
        {
            Path = $"file:{source}/{file.Path}",
            DeletionVector = file.DeletionVector! with { StorageType = "p", PathOrInlineDv = $"file://{source}/{vector}" },
        };
        await clone.Log.TryCommitAsync(1, [new CommitInfo { Operation = "CLONE" }, absolute], CancellationToken.None);

        (await Kit.CodeOfAsync(async () => await (await DeltaTable.OpenAsync(folder)).ReadAsync().ListAsync())).Should().Be(ErrorCodes.PathNotAllowed);
        DeltaTable allowed = await DeltaTable.OpenAsync(folder, new() { AllowedRoots = [source] });
        (await allowed.IdsAsync()).Should().Equal(await original.IdsAsync());

        await allowed.DeleteAsync(static id => id > 10);
        (await allowed.IdsAsync()).Should().Equal(1, 2, 4, 5, 7, 8, 10);
        (await (await DeltaTable.OpenAsync(source)).IdsAsync()).Should().HaveCount(13_333, "the source does not change with its clone");
    }

    [Fact]
    public void A_folder_must_be_absolute()
    {
        FluentActions.Invoking(() => new DeltaTableOptions { AllowedRoots = ["data"] }.Validate()).Should().Throw<ArgumentException>();
    }
}
