using System.Text;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Log;

/// <summary>A table in memory whose log is written action by action, checkpoints included.</summary>
internal sealed class TestLog
{
    public const string Schema = """{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}""";

    private long _next;

    public TestLog(TimeProvider? time = null)
    {
        Storage = new CountingStorage(new InMemoryTableStorage(time));
        Log = new DeltaLog(Storage);
    }

    public CountingStorage Storage { get; }

    public DeltaLog Log { get; }

    public SnapshotLoader Loader { get; } = new(new JsonCheckpointReader());

    public static ProtocolAction Protocol { get; } = new() { MinReaderVersion = 1, MinWriterVersion = 2 };

    public static MetadataAction Metadata { get; } = new() { Id = "table", SchemaString = Schema };

    public static AddFile Add(string path, long rows = 1, DeletionVectorDescriptor? vector = null) => new()
    {
        Path = path,
        Size = 10,
        ModificationTime = 1,
        DataChange = true,
        Stats = $$"""{"numRecords":{{rows}}}""",
        DeletionVector = vector,
    };

    public static DeletionVectorDescriptor Vector(string id, long cardinality) => new("u", id, 1, 34, cardinality);

    public async Task<long> CommitAsync(params IReadOnlyList<DeltaAction> actions)
    {
        (await Storage.PutIfAbsentAsync(LogPaths.Commit(_next), ActionJson.WriteCommit(actions))).Should().BeTrue();
        return _next++;
    }

    /// <summary>Adds commits until there are so many: commit 0 with protocol and metadata, and one file in each.</summary>
    public async Task FillAsync(long versions)
    {
        if (_next == 0)
        {
            await CommitAsync(Protocol, Metadata, Add("file-0"));
        }

        while (_next < versions)
        {
            await CommitAsync(Add($"file-{_next}"));
        }
    }

    /// <summary>A checkpoint as <see cref="JsonCheckpointReader"/> reads it, its actions dealt out to the parts.</summary>
    public async Task CheckpointAsync(long version, int parts = 1)
    {
        Snapshot snapshot = await LoadAsync(version);
        DeltaAction[] actions =
        [
            snapshot.Protocol, snapshot.Metadata, .. snapshot.Files, .. snapshot.Tombstones,
            .. snapshot.Domains.Values, .. snapshot.Transactions.Values,
        ];
        for (int part = 1; part <= parts; part++)
        {
            string path = parts == 1 ? LogPaths.Checkpoint(version) : Part(version, part, parts);
            await Storage.PutAsync(path, ActionJson.WriteCommit(actions.Where((_, index) => index % parts == part - 1)));
        }
    }

    public static string Part(long version, int part, int parts) => $"{LogPaths.Stem(version)}.checkpoint.{part:D10}.{parts:D10}.parquet";

    public ValueTask HintAsync(string json) => Storage.PutAsync(LogPaths.LastCheckpoint, Encoding.UTF8.GetBytes(json));

    public ValueTask DropCommitAsync(long version) => Storage.DeleteAsync(LogPaths.Commit(version));

    public Task<Snapshot> LoadAsync(long? version = null) => Loader.LoadAsync(Log, version, CancellationToken.None);

    public Task<Snapshot> RefreshAsync(Snapshot current) => Loader.RefreshAsync(Log, current, CancellationToken.None);
}
