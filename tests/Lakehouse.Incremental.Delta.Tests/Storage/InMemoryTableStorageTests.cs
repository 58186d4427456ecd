using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Storage;

public sealed class InMemoryTableStorageTests : StorageContractTests
{
    private protected override ITableStorage Storage { get; } = new InMemoryTableStorage();

    [Fact]
    public async Task Content_is_not_shared_with_the_caller()
    {
        byte[] content = Bytes("abc");
        await Storage.PutAsync("x", content);
        content[0] = (byte)'z';
        (await Storage.ReadAsync("x"))[1] = (byte)'z';

        (await ReadAsync("x")).Should().Be("abc");
    }
}
