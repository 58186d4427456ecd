using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Statistics;

public sealed class StatisticsJsonTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"numRecords\":7}", 7L)]
    [InlineData("{\"minValues\":{\"numRecords\":9},\"numRecords\":7}", 7L)]
    [InlineData("{\"numRecords\":\"7\"}", null)]
    [InlineData("{\"numRecords\":7.5}", null)]
    [InlineData("{\"numRecords\":null}", null)]
    [InlineData("{\"numRecords\":7,\"numRecords\":8}", null)]
    [InlineData("{\"numRecords\":7", null)]
    public void Records_are_known_or_not(string? stats, long? records) => StatisticsJson.NumRecords(stats).Should().Be(records);

    [Fact]
    public void Wide_bounds_keep_all_else()
    {
        string wide = StatisticsJson.WithWideBounds("""{"numRecords":7,"minValues":{"a":1.50},"x":[1],"nullCount":{"a":0},"tightBounds":true}""", 7);
        JsonObject expected = JsonNode.Parse("""{"numRecords":7,"minValues":{"a":1.50},"x":[1],"nullCount":{"a":0},"tightBounds":false}""")!.AsObject();
        JsonNode.DeepEquals(JsonNode.Parse(wide), expected).Should().BeTrue(wide);
        wide.Should().Contain("1.50", "numbers keep their text");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("broken")]
    public void The_number_of_records_is_added_where_it_lacks(string? stats) =>
        StatisticsJson.WithWideBounds(stats, 5).Should().Be("""{"numRecords":5,"tightBounds":false}""");
}
