using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>Other libraries find in our checkpoints what the log says, in each form they are written in.</summary>
public sealed class ForeignCheckpointTests : IDisposable
{
    private static readonly Schema s_schema = new(
        [
            new Field("id", Int64Type.Default, true),
            new Field("day", Date32Type.Default, true),
            new Field("at", new TimestampType(TimeUnit.Microsecond, "UTC"), true),
            new Field("price", new Decimal128Type(12, 3), true),
            new Field("name", StringType.Default, true),
        ],
        null);

    private readonly string _folder = Directory.CreateTempSubdirectory("foreign-").FullName;
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task DuckDB_reads_the_top_and_the_sidecars_of_a_V2_checkpoint()
    {
        Snapshot snapshot = await FillAsync(("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", "v2"));
        string top = Directory.GetFiles(Path.Combine(_folder, "_delta_log"), "*.checkpoint.*.parquet").Single();
        string sidecar = Directory.GetFiles(Path.Combine(_folder, "_delta_log", "_sidecars")).Single();

        _duckDb.Query($"SELECT checkpointMetadata.version FROM '{top}' WHERE checkpointMetadata IS NOT NULL").Should().Equal("4");
        _duckDb.Query($"SELECT sidecar.path, sidecar.sizeInBytes FROM '{top}' WHERE sidecar IS NOT NULL")
            .Should().Equal($"{Path.GetFileName(sidecar)}|{new FileInfo(sidecar).Length}");
        _duckDb.Query($"SELECT count(*) FROM '{top}' WHERE add IS NOT NULL OR remove IS NOT NULL").Should().Equal("0");
        _duckDb.Query($"SELECT list_sort(protocol.readerFeatures)::VARCHAR FROM '{top}' WHERE protocol IS NOT NULL").Should().Equal("[deletionVectors, v2Checkpoint]");
        _duckDb.Query($"SELECT add.path FROM '{sidecar}' WHERE add IS NOT NULL").Should().Equal(snapshot.Files.Select(f => f.Path).Order(StringComparer.Ordinal));
        _duckDb.Query($"SELECT remove.path FROM '{sidecar}' WHERE remove IS NOT NULL").Should().Equal(snapshot.Tombstones.Select(f => f.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DuckDB_reads_statistics_and_partition_values_as_columns()
    {
        Snapshot snapshot = await FillAsync(("delta.checkpoint.writeStatsAsStruct", "true"), ("delta.checkpoint.writeStatsAsJson", "false"));
        string checkpoint = Directory.GetFiles(Path.Combine(_folder, "_delta_log"), "*.checkpoint.parquet").Single();

        string[] rows = _duckDb.Query(
            "SELECT add.path, add.stats_parsed.numRecords, add.stats_parsed.minValues.id, add.stats_parsed.maxValues.price::VARCHAR, "
            + "epoch_ms(add.stats_parsed.minValues.at), add.stats_parsed.maxValues.name, add.stats_parsed.nullCount.price, "
            + $"add.partitionValues_parsed.day::VARCHAR FROM '{checkpoint}' WHERE add IS NOT NULL");

        rows.Should().Equal(snapshot.Files.Select(Expected).Order(StringComparer.Ordinal));
        _duckDb.Query($"SELECT count(*) FROM '{checkpoint}' WHERE add.stats_parsed.minValues.id = 2").Should().Equal("1");
    }

    [Fact]
    public async Task ParquetNet_reads_sidecars_and_statistics_columns()
    {
        Snapshot snapshot = await FillAsync(
            ("delta.feature.v2Checkpoint", "supported"), ("delta.checkpointPolicy", "v2"), ("delta.checkpoint.writeStatsAsStruct", "true"));
        string sidecar = Directory.GetFiles(Path.Combine(_folder, "_delta_log", "_sidecars")).Single();

        await using ParquetReader reader = await ParquetReader.CreateAsync(sidecar);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        DataField[] fields = reader.Schema.GetDataFields();
        string?[] paths = new string?[rows.RowCount];
        long?[] counts = new long?[rows.RowCount];
        await rows.ReadAsync(fields.Single(f => f.Path.ToString() == "add/path"), paths);
        await rows.ReadAsync<long>(fields.Single(f => f.Path.ToString() == "add/stats_parsed/numRecords"), counts);

        paths.OfType<string>().Should().BeEquivalentTo(snapshot.Files.Select(f => f.Path));
        counts.OfType<long>().Sum().Should().Be(snapshot.Files.Sum(f => Delta.Statistics.StatisticsJson.NumRecords(f.Stats)!.Value));
    }

    private async Task<Snapshot> FillAsync(params (string Key, string Value)[] properties)
    {
        Dictionary<string, string> all = properties.ToDictionary(p => p.Key, p => p.Value);
        all["delta.checkpointInterval"] = "4";
        DeltaTable table = await DeltaTable.CreateAsync(_folder, s_schema, new() { PartitionColumns = ["day"], Properties = all });
        await table.AppendAsync(Rows(1, 2, 3));
        await table.AppendAsync(Rows(4, 5));
        await table.OptimizeAsync();
        await table.AppendAsync(Rows(6, 7));
        return table.CurrentSnapshot;
    }

    private static RecordBatch Rows(params long[] ids)
    {
        Int64Array id = new Int64Array.Builder().AppendRange(ids).Build();
        Date32Array.Builder day = new();
        TimestampArray.Builder at = new((TimestampType)s_schema.GetFieldByName("at").DataType);
        Decimal128Array.Builder price = new((Decimal128Type)s_schema.GetFieldByName("price").DataType);
        StringArray.Builder name = new();
        foreach (long n in ids)
        {
            day.Append(new DateTime(2020, 1, (int)(n % 2) + 1, 0, 0, 0, DateTimeKind.Utc));
            at.Append(DateTimeOffset.FromUnixTimeMilliseconds(n * 1001));
            _ = n % 3 == 0 ? price.AppendNull() : price.Append(n * 1.125m);
            name.Append($"é{n}");
        }

        return new RecordBatch(s_schema, [id, day.Build(), at.Build(), price.Build(), name.Build()], ids.Length);
    }

    private static string Expected(AddFile file)
    {
        JsonNode stats = JsonNode.Parse(file.Stats!)!;
        DateTimeOffset at = DateTimeOffset.Parse(stats["minValues"]!["at"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        string price = stats["maxValues"]!["price"]?.ToJsonString() ?? "null";
        return string.Join(
            '|',
            file.Path,
            stats["numRecords"]!.ToJsonString(),
            stats["minValues"]!["id"]!.ToJsonString(),
            price,
            at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            stats["maxValues"]!["name"]!.GetValue<string>(),
            stats["nullCount"]!["price"]!.ToJsonString(),
            file.PartitionValues["day"]);
    }
}
