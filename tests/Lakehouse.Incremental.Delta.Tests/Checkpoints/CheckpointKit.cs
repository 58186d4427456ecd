using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

/// <summary>Snapshots to make checkpoints of, and checkpoint files as other writers lay them out.</summary>
internal static class CheckpointKit
{
    public static Snapshot Snapshot(MetadataAction metadata, params DeltaAction[] actions) => Snapshot(TestLog.Protocol, metadata, actions);

    public static Snapshot Snapshot(ProtocolAction protocol, MetadataAction metadata, params DeltaAction[] actions)
    {
        SnapshotBuilder builder = new(SnapshotState.Empty, null, null);
        builder.Apply(0, [protocol, metadata, .. actions], 100);
        return builder.Build();
    }

    public static async Task<IReadOnlyList<DeltaAction>> WriteAndReadAsync(Snapshot snapshot)
    {
        InMemoryTableStorage storage = new();
        await new CheckpointWriter(storage, new ManualTime(), IdSource.System).WriteAsync(snapshot, CancellationToken.None);
        return await ReadAsync(storage, LogPaths.Checkpoint(snapshot.Version));
    }

    public static Task<IReadOnlyList<DeltaAction>> ReadAsync(ITableStorage storage, params string[] paths) =>
        new ParquetCheckpointReader().ReadAsync(storage, new CheckpointFiles(0, paths), CancellationToken.None);

    /// <summary>A file of one row a column, each a struct of the given fields.</summary>
    public static async Task PutAsync(ITableStorage storage, string path, params (string Column, (string Name, object? Value)[] Fields)[] rows)
    {
        List<Field> columns = [];
        List<IArrowArray> arrays = [];
        for (int row = 0; row < rows.Length; row++)
        {
            Field[] fields = [.. rows[row].Fields.Select(static field => new Field(field.Name, TypeOf(field.Value), true))];
            StructType type = new(fields);
            ArrayData[] children = [.. rows[row].Fields.Select(static field => ConstantArray.Create(TypeOf(field.Value), field.Value, 1).Data)];
            IArrowArray one = ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty], children));
            columns.Add(new Field(rows[row].Column, type, true));
            arrays.Add(TakeKernel.Take(one, [.. Enumerable.Range(0, rows.Length).Select(i => i == row ? 0 : -1)]));
        }

        Schema schema = new(columns, null);
        await ParquetFiles.WriteAsync(storage, path, schema, [new RecordBatch(schema, arrays, rows.Length)], CancellationToken.None);
    }

    private static IArrowType TypeOf(object? value) => value switch
    {
        long => Int64Type.Default,
        int => Int32Type.Default,
        bool => BooleanType.Default,
        _ => StringType.Default,
    };
}
