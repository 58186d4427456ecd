using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.DataFiles;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Delta.Transactions;
using ParquetSharp;
using ParquetSharp.Arrow;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Sound tables that hold, between them, every kind of file a reader opens. The same bytes in every run.</summary>
internal static class Victims
{
    private static readonly StructType Nested = new(
    [
        new StructField("id", PrimitiveType.Long, Nullable: false),
        new StructField("name", PrimitiveType.String),
        new StructField("part", PrimitiveType.String),
        new StructField("amount", new DecimalType(20, 4)),
        new StructField("tags", new ArrayType(PrimitiveType.String)),
        new StructField("place", new StructType([new StructField("x", PrimitiveType.Double), new StructField("at", PrimitiveType.Timestamp)])),
        new StructField("counts", new MapType(PrimitiveType.String, PrimitiveType.Integer)),
    ]);

    public static async Task<IReadOnlyList<Victim>> BuildAsync() =>
    [
        await Victim.OfAsync("commits", await CommitsAsync(), pagesChecked: true),
        await Victim.OfAsync("checkpoint", await CheckpointedAsync(), pagesChecked: true),
        await Victim.OfAsync("v2-json", await V2Async(json: true), pagesChecked: true),
        await Victim.OfAsync("v2-parquet", await V2Async(json: false), pagesChecked: true),
        await Victim.OfAsync("encodings", await EncodingsAsync(), pagesChecked: false),
    ];

    private static DeltaTableOptions Options(int seed) => new() { IdSource = IdSource.Sequential(seed), TimeProvider = new ManualTime() };

    private static InMemoryTableStorage Storage() => new(new ManualTime());

    private static DeltaTableCreateOptions Create(int interval, params string[] partitions) => new()
    {
        ChangeDataFeed = true,
        PartitionColumns = partitions,
        Properties = new Dictionary<string, string> { ["delta.checkpointInterval"] = $"{interval}" },
    };

    /// <summary>A partitioned table of nested rows with inline deletion vectors, change data, a compacted log.</summary>
    private static async Task<InMemoryTableStorage> CommitsAsync()
    {
        InMemoryTableStorage storage = Storage();
        Schema schema = ArrowSchemas.ToArrow(Nested);
        DeltaTable table = await DeltaTable.CreateAsync(storage, schema, Create(1000, "part"), Options(1));
        await table.AppendAsync(Rows(schema, 0, 30), new AppendOptions { TxnAppId = "app", TxnVersion = 1, UserMetadata = "first" });
        await table.AppendAsync(Rows(schema, 30, 10));
        await table.DeleteAsync(static id => id % 5 == 1);
        await AppendWithChangesAsync(table, Rows(schema, 40, 6));
        IReadOnlyList<DeltaAction> first = await table.Log.ReadCommitAsync(1, default);
        await PutAsync(storage, "_delta_log/00000000000000000001.00000000000000000002.compacted.json",
            [.. first.Concat(await table.Log.ReadCommitAsync(2, default)).Where(static action => action is not CommitInfo)]);
        return storage;
    }

    /// <summary>A classic checkpoint, its hint, a commit behind it, and a deletion vector in a file.</summary>
    private static async Task<InMemoryTableStorage> CheckpointedAsync()
    {
        InMemoryTableStorage storage = Storage();
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, Create(2), Options(2));
        await table.AppendAsync(Kit.Rows([.. Enumerable.Range(0, 1500).Select(static i => (long)i)]));
        await table.DeleteAsync(static id => id % 3 == 1);
        await table.AppendAsync(Kit.Rows(5000, 5001), new AppendOptions { TxnAppId = "app", TxnVersion = 7 });
        return storage;
    }

    /// <summary>A checkpoint with its files in a sidecar and statistics as columns; its top as Parquet or as JSON, and a commit behind it.</summary>
    private static async Task<InMemoryTableStorage> V2Async(bool json)
    {
        InMemoryTableStorage storage = Storage();
        DeltaTableCreateOptions create = new()
        {
            ChangeDataFeed = true,
            Properties = new Dictionary<string, string>
            {
                ["delta.checkpointInterval"] = "2", ["delta.checkpointPolicy"] = "v2", ["delta.checkpoint.writeStatsAsStruct"] = "true",
            },
        };
        DeltaTable table = await DeltaTable.CreateAsync(storage, Kit.Schema, create, Options(3));
        await table.AppendAsync(Kit.Rows(1, 2, 3, 4, 5, 6, 7, 8));
        await table.DeleteAsync(static id => id == 4);
        string top = (await Kit.FilesAsync(storage, ".parquet")).Single(static path => path.Contains(".checkpoint.", StringComparison.Ordinal));
        if (json)
        {
            IReadOnlyList<DeltaAction> actions = await new ParquetCheckpointReader().ReadAsync(storage, new CheckpointFiles(2, [top]), default);
            await storage.DeleteAsync(top);
            await PutAsync(storage, Path.ChangeExtension(top, ".json"), actions);
        }

        await table.AppendAsync(Kit.Rows(100, 101));
        return storage;
    }

    /// <summary>Data files as other writers make them: all types, other codecs, encodings and page versions, no checksums.</summary>
    private static async Task<InMemoryTableStorage> EncodingsAsync()
    {
        InMemoryTableStorage storage = Storage();
        StructType type = new(
        [
            new StructField("id", PrimitiveType.Long),
            .. RandomRows.AllPrimitives.Where(static t => t != PrimitiveType.Void).Select(static (t, i) => new StructField($"c{i}", t)),
            new StructField("l", new ArrayType(PrimitiveType.String)),
        ]);
        Schema schema = ArrowSchemas.ToArrow(type);
        DeltaTable table = await DeltaTable.CreateAsync(storage, schema, Create(1000), Options(4));
        for (int i = 0; i < 4; i++)
        {
            await table.AppendAsync(RandomRows.Batch(schema, 25, 10 + i));
        }

        int form = 0;
        foreach (AddFile file in table.CurrentSnapshot.Files.ToList())
        {
            string path = DataFilePath.Decode(file.Path);
            RecordBatch rows = await ParquetFiles.ReadAllAsync(storage, path, schema, default);
            await storage.PutAsync(path, Foreign(rows, form++));
        }

        return storage;
    }

    private static byte[] Foreign(RecordBatch rows, int form)
    {
        using MemoryStream stream = new();
        using (WriterPropertiesBuilder builder = new())
        {
            Compression[] codecs = [Compression.Snappy, Compression.Uncompressed, Compression.Gzip, Compression.Lz4];
            builder.DisablePageChecksum().Compression(codecs[form]);
            _ = form switch
            {
                1 => builder.DisableDictionary(),
                2 => builder.DisableDictionary().Encoding("id", Encoding.DeltaBinaryPacked).Encoding("c0", Encoding.DeltaByteArray)
                    .Encoding("c2", Encoding.DeltaBinaryPacked).Encoding("c5", Encoding.ByteStreamSplit)
                    .Encoding("c8", Encoding.DeltaLengthByteArray),
                3 => builder.DataPagesize(64).MaxRowGroupLength(10).DataPageVersion(ParquetDataPageVersion.V2),
                _ => builder,
            };
            using WriterProperties properties = builder.Build();
            using FileWriter writer = new(stream, rows.Schema, properties, null, leaveOpen: true);
            writer.WriteRecordBatch(rows);
            writer.Close();
        }

        return stream.ToArray();
    }

    private static async Task AppendWithChangesAsync(DeltaTable table, RecordBatch rows) => await table.CommitAsync(
        async (snapshot, cancellationToken) =>
        {
            IReadOnlyList<AddFile> files = await table.Writer.WriteAsync(snapshot, [rows], cancellationToken);
            Schema changes = new([.. rows.Schema.FieldsList, new Field("_change_type", Apache.Arrow.Types.StringType.Default, false)], null);
            IArrowArray kind = ConstantArray.Create(Apache.Arrow.Types.StringType.Default, "insert", rows.Length);
            RecordBatch changed = new(changes, [.. Enumerable.Range(0, rows.ColumnCount).Select(rows.Column), kind], rows.Length);
            IReadOnlyList<AddCdcFile> recorded = await table.Writer.WriteChangesAsync(snapshot, [changed], cancellationToken);
            return new CommitPlan { Actions = [.. files, .. recorded], Info = new CommitInfo { Operation = "MERGE" } };
        },
        CancellationToken.None);

    private static ValueTask PutAsync(InMemoryTableStorage storage, string path, IReadOnlyList<DeltaAction> actions) =>
        storage.PutAsync(path, ActionJson.WriteCommit(actions));

    private static RecordBatch Rows(Schema schema, int first, int count)
    {
        RecordBatch random = RandomRows.Batch(schema, count, first + 5);
        Int64Array.Builder ids = new();
        StringArray.Builder parts = new();
        for (int i = 0; i < count; i++)
        {
            ids.Append(first + i);
            parts.Append((i % 2 == 0) ? "even" : "odd");
        }

        IArrowArray[] columns = [.. random.Arrays];
        columns[0] = ids.Build();
        columns[2] = parts.Build();
        return new RecordBatch(schema, columns, count);
    }
}
