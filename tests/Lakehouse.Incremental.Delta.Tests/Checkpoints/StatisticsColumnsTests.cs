using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Checkpoints;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Statistics;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using StructType = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class StatisticsColumnsTests
{
    private const string Columns = """
        {"type":"struct","fields":[{"name":"p","type":"date","nullable":true,"metadata":{}},{"name":"n","type":"integer","nullable":true,"metadata":{}},
        {"name":"m","type":"decimal(5,2)","nullable":true,"metadata":{}},{"name":"b","type":"boolean","nullable":true,"metadata":{}},
        {"name":"s","type":{"type":"struct","fields":[{"name":"t","type":"timestamp","nullable":true,"metadata":{}},
        {"name":"a","type":{"type":"array","elementType":"string","containsNull":true},"nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},
        {"name":"x","type":"string","nullable":true,"metadata":{}}]}
        """;

    private const string Stats = """
        {"numRecords":3,"minValues":{"n":-1,"m":-9.5,"s":{"t":"2020-01-01T00:00:00.001Z"},"x":"a"},"maxValues":{"n":7,"m":1.25,"s":{"t":"2021-01-01T00:00:00.001Z"},"x":"é"},"nullCount":{"n":0,"m":1,"b":2,"s":{"t":0,"a":3},"x":0},"tightBounds":false}
        """;

    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Statistics_survive_as_columns_alone()
    {
        await WriteAsync(
            [("delta.checkpoint.writeStatsAsJson", "false"), ("delta.checkpoint.writeStatsAsStruct", "true")],
            Add("a", Stats, "2020-02-03"), Add("none", null, null), Add("torn", "{\"numRec", "2020-02-03"), Add("odd", """{"numRecords":"x","minValues":{"n":"y"}}""", ""),
            Add("surrogate", """{"minValues":{"x":"\ud800"},"maxValues":{"x":"b","\ud800":1}}""", null), Add("half", "{\"minValues\":{\"x\":\"\ud800\"}}", null));

        AddFile[] files = [.. (await CheckpointKit.ReadAsync(_storage, LogPaths.Checkpoint(0))).OfType<AddFile>()];
        JsonNode.DeepEquals(JsonNode.Parse(files[0].Stats!), JsonNode.Parse(Stats.Replace(".001Z", ".001000Z").Replace("-9.5", "-9.50"))).Should().BeTrue(files[0].Stats);
        files[0].PartitionValues.Should().Contain("p", "2020-02-03");
        files.Skip(1).Select(static file => StatisticsJson.NumRecords(file.Stats)).Should().AllBeEquivalentTo((long?)null);
    }

    [Fact]
    public async Task The_columns_follow_the_schema_and_what_is_indexed()
    {
        await WriteAsync([("delta.checkpoint.writeStatsAsStruct", "true"), ("delta.dataSkippingNumIndexedCols", "4")], Add("a", Stats, "2020-02-03"));
        StructType add = await AddTypeAsync();
        add.Fields.Select(static field => field.Name).Should().EndWith(["stats", "partitionValues_parsed", "stats_parsed"]);
        StructType stats = (StructType)add.GetFieldByName("stats_parsed").DataType;
        stats.Fields.Select(static field => field.Name).Should().Equal("numRecords", "minValues", "maxValues", "nullCount", "tightBounds");
        ((StructType)stats.GetFieldByName("minValues").DataType).Fields.Select(static field => field.Name).Should().Equal("n", "m", "s");
        ((StructType)stats.GetFieldByName("nullCount").DataType).Fields.Select(static field => field.Name).Should().Equal("n", "m", "b", "s");
        ((StructType)add.GetFieldByName("partitionValues_parsed").DataType).Fields.Should().ContainSingle().Which.DataType.Should().BeOfType<Date32Type>();
    }

    [Fact]
    public async Task Text_turned_off_without_a_word_on_columns_still_keeps_statistics()
    {
        await WriteAsync([("delta.checkpoint.writeStatsAsJson", "false")], Add("a", Stats, null));
        (await AddTypeAsync()).Fields.Select(static field => field.Name).Should().NotContain("stats").And.Contain("stats_parsed");
    }

    private Task<bool> WriteAsync((string Key, string Value)[] properties, params DeltaAction[] files)
    {
        MetadataAction metadata = TestLog.Metadata with
        {
            SchemaString = Columns,
            PartitionColumns = ["p"],
            Configuration = properties.ToDictionary(static p => p.Key, static p => p.Value),
        };
        return new CheckpointWriter(_storage, new ManualTime(), IdSource.System).WriteAsync(CheckpointKit.Snapshot(metadata, files), CancellationToken.None);
    }

    private async Task<StructType> AddTypeAsync() =>
        (StructType)(await ParquetFiles.ReadSchemaAsync(_storage, LogPaths.Checkpoint(0), CancellationToken.None)).GetFieldByName("add").DataType;

    private static AddFile Add(string path, string? stats, string? partition) => TestLog.Add(path) with
    {
        Stats = stats,
        PartitionValues = new Dictionary<string, string?> { ["p"] = partition },
    };
}
