using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>
/// The table all pairs of operations are tried on: files A and B in partition day=1, file C in partition day=2, ten rows each; row 0 of C is
/// deleted. The files are in the log only.
/// </summary>
internal sealed class MatrixTable
{
    private static readonly Schema Schema = new([new Field("id", Int64Type.Default, true), new Field("day", Int32Type.Default, true)], null);

    private MatrixTable(DeltaTable table)
    {
        Snapshot = table.CurrentSnapshot;
        Store = table.DeletionVectors;
    }

    public Snapshot Snapshot { get; }

    public DeletionVectorStore Store { get; }

    public AddFile A => File("A");

    public AddFile B => File("B");

    public AddFile C => File("C");

    public static async Task<MatrixTable> CreateAsync(string isolation)
    {
        InMemoryTableStorage storage = new();
        DeltaTable table = await DeltaTable.CreateAsync(
            storage,
            Schema,
            new() { PartitionColumns = ["day"], Properties = new Dictionary<string, string> { [IsolationLevels.Key] = isolation } });
        AddFile c = New("C", 2) with { DeletionVector = await VectorAsync(table.DeletionVectors, 0) };
        await table.Log.TryCommitAsync(1, [New("A", 1), New("B", 1), c], default);
        await table.RefreshAsync();
        return new MatrixTable(table);
    }

    public static AddFile New(string path, int day) => new()
    {
        Path = path,
        PartitionValues = new Dictionary<string, string?> { ["day"] = $"{day}" },
        Size = 1,
        ModificationTime = 1,
        DataChange = true,
        Stats = "{\"numRecords\":10}",
    };

    public static RemoveFile Removed(AddFile file, bool dataChange = true) => RemoveFile.Of(file, 1, dataChange);

    /// <summary>A file with more rows deleted.</summary>
    public async Task<DeltaAction[]> MarkAsync(AddFile file, params long[] rows)
    {
        DeletionVector old = await Store.LoadAsync(file.DeletionVector, default);
        return [Removed(file), file with { DeletionVector = await VectorAsync(Store, [.. old.Rows, .. rows]) }];
    }

    public static async Task<DeletionVectorDescriptor> VectorAsync(DeletionVectorStore store, params long[] rows) =>
        (await store.WriteAsync([DeletionVector.Of(rows)], default))[0];

    private AddFile File(string path) => Snapshot.TryGetFile(path, out AddFile? file) ? file : throw new InvalidOperationException(path);
}
