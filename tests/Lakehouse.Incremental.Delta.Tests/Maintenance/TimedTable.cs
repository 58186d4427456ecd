using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Maintenance;

/// <summary>A table in memory whose clock and file times the test sets.</summary>
internal sealed class TimedTable
{
    public const long Day = 86_400_000;

    public TimedTable() => Storage = new InMemoryTableStorage(Time);

    public ManualTime Time { get; } = new();

    public InMemoryTableStorage Storage { get; }

    public DeltaTableOptions Options => new() { TimeProvider = Time, MaxCommitAttempts = 50 };

    public Task<DeltaTable> CreateAsync(DeltaTableCreateOptions? create = null) => DeltaTable.CreateAsync(Storage, Kit.Schema, create, Options);

    public Task<DeltaTable> OpenAsync(ITableStorage? storage = null) => DeltaTable.OpenAsync(storage ?? Storage, Options);

    public void Pass(double days) => Time.Milliseconds += (long)(days * Day);

    public async Task<SortedDictionary<string, string>> ContentAsync()
    {
        SortedDictionary<string, string> content = new(StringComparer.Ordinal);
        await foreach (StoredFile file in Storage.ListAsync(""))
        {
            content[file.Path] = Convert.ToHexString(await Storage.ReadAsync(file.Path));
        }

        return content;
    }

    public async Task<List<string>> PathsAsync() => [.. (await ContentAsync()).Keys];
}
