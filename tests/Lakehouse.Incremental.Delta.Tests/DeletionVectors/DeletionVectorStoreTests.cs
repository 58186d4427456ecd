using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.DeletionVectors;

public class DeletionVectorStoreTests
{
    private readonly InMemoryTableStorage _storage = new();

    private static DeletionVector Small => DeletionVector.Of([1, 5, 70_000]);

    private static DeletionVector Large => DeletionVector.Of(Enumerable.Range(0, 2000).Select(static i => i * 7L));

    [Fact]
    public async Task Puts_small_vectors_into_the_log_and_packs_the_others_into_one_file()
    {
        IReadOnlyList<DeletionVectorDescriptor> written = await NewStore().WriteAsync([Large, Small, Large.Union([1L])], default);

        written.Select(static descriptor => descriptor.StorageType).Should().Equal("u", "i", "u");
        written.Select(static descriptor => descriptor.Cardinality).Should().Equal(2000, 3, 2001);
        written[0].Offset.Should().Be(1);
        written[2].Offset.Should().Be(1 + written[0].SizeInBytes + 8);
        (await FilesAsync()).Should().ContainSingle().Which.Path.Should().MatchRegex("^deletion_vector_[0-9a-f-]{36}[.]bin$");

        DeletionVectorStore other = NewStore();
        (await other.LoadAsync(written[0], default)).Rows.Should().Equal(Large.Rows);
        (await other.LoadAsync(written[1], default)).Rows.Should().Equal(Small.Rows);
        (await other.LoadAsync(written[2], default)).Cardinality.Should().Be(2001);
    }

    [Fact]
    public async Task No_descriptor_stands_for_no_deleted_rows()
    {
        (await NewStore().LoadAsync(null, default)).Should().BeSameAs(DeletionVector.Empty);
    }

    [Fact]
    public async Task Every_changed_byte_of_a_file_is_noticed()
    {
        DeletionVector vector = DeletionVector.Of(Enumerable.Range(0, 300).Select(static i => i * 7L));
        DeletionVectorDescriptor written = (await NewStore().WriteAsync([vector], default))[0];
        StoredFile file = (await FilesAsync()).Single();
        byte[] content = await _storage.ReadAsync(file.Path);
        for (int at = 0; at < content.Length; at++)
        {
            byte[] damaged = [.. content];
            damaged[at] ^= 0x10;
            await _storage.PutAsync(file.Path, damaged);
            await ShouldBeCorruptAsync(written);
        }
    }

    [Fact]
    public async Task A_missing_or_short_file_is_noticed()
    {
        DeletionVectorDescriptor written = (await NewStore().WriteAsync([Large], default))[0];
        StoredFile file = (await FilesAsync()).Single();
        byte[] content = await _storage.ReadAsync(file.Path);
        await _storage.PutAsync(file.Path, content.AsMemory(0, content.Length - 1));
        await ShouldBeCorruptAsync(written);
        await _storage.DeleteAsync(file.Path);
        await ShouldBeCorruptAsync(written);
    }

    [Fact]
    public async Task A_descriptor_that_lies_is_noticed()
    {
        IReadOnlyList<DeletionVectorDescriptor> written = await NewStore().WriteAsync([Large, Small], default);
        foreach (DeletionVectorDescriptor good in written)
        {
            await ShouldBeCorruptAsync(good with { Cardinality = good.Cardinality + 1 });
            await ShouldBeCorruptAsync(good with { SizeInBytes = good.SizeInBytes - 1 });
            await ShouldBeCorruptAsync(good with { SizeInBytes = int.MaxValue });
            await ShouldBeCorruptAsync(good with { SizeInBytes = -1 });
            await ShouldBeCorruptAsync(good with { PathOrInlineDv = "~" });
        }

        await ShouldBeCorruptAsync(written[0] with { Offset = -5 });
        await ShouldBeCorruptAsync(written[0] with { Offset = 2 });
    }

    [Theory]
    [InlineData("p", "file:///etc/passwd")]
    [InlineData("u", "../..ab^-aqEH.-t@S}K{vb[*k^")]
    public async Task Paths_out_of_the_table_are_not_followed(string storageType, string path)
    {
        Func<Task> act = () => NewStore().LoadAsync(new DeletionVectorDescriptor(storageType, path, 1, 40, 1), default);
        (await act.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.PathNotAllowed);
    }

    [Fact]
    public void The_path_of_a_relative_vector_agrees_with_the_example_of_the_protocol()
    {
        DeletionVectorFile.PathOf("ab^-aqEH.-t@S}K{vb[*k^").Should().Be("ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
    }

    private DeletionVectorStore NewStore() => new(new FileLocator(_storage, []), IdSource.Sequential(1));

    private async Task<List<StoredFile>> FilesAsync()
    {
        List<StoredFile> files = [];
        await foreach (StoredFile file in _storage.ListAsync(""))
        {
            files.Add(file);
        }

        return files;
    }

    private async Task ShouldBeCorruptAsync(DeletionVectorDescriptor descriptor)
    {
        Func<Task> act = () => NewStore().LoadAsync(descriptor, default);
        (await act.Should().ThrowAsync<CorruptTableException>()).Which.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
    }
}
