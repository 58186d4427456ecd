using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.State;

public sealed class FlowStateTests
{
    private static readonly FlowState Example = new()
    {
        Flow = "orders \"x\"",
        Columns = ["order_id", "note"],
        Config = new JsonObject { ["keys"] = new JsonArray("order_id:int64"), ["storedAs"] = "Type1" },
        Sets = new Dictionary<string, IReadOnlyList<StateFile>>
        {
            ["events"] = [new StateFile("_incremental/state/events-a.parquet", 3), new StateFile("_incremental/state/events-b.parquet", 1)],
            ["hidden"] = [],
        },
    };

    [Fact]
    public void What_is_written_is_read_back()
    {
        FlowState read = FlowState.Parse(Example.Write())!;

        read.Flow.Should().Be(Example.Flow);
        read.Columns.Should().Equal("order_id", "note");
        JsonNode.DeepEquals(read.Config, Example.Config).Should().BeTrue();
        read.Sets.Keys.Should().BeEquivalentTo("events", "hidden");
        read.Sets["events"].Should().Equal(Example.Sets["events"]);
        read.Sets["hidden"].Should().BeEmpty();
        read.Write().Should().Be(Example.Write());
    }

    [Fact]
    public void No_domain_is_no_state() => FlowState.Parse(null).Should().BeNull();

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        Action parse = () => FlowState.Parse(Example.Write().Replace("\"format\":2", "\"format\":3", StringComparison.Ordinal));
        parse.Should().Throw<UnsupportedFeatureException>().WithMessage("*format 3*");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"format":2,"format":2}""")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":"2","flow":"f","config":{},"columns":[],"sets":{}}""")]
    [InlineData("""{"format":2,"flow":"f","config":{},"columns":[],"sets":{"a":[{"path":"x"}]}}""")]
    [InlineData("""{"format":2,"flow":"f","config":{},"columns":[],"sets":{"a":[null]}}""")]
    [InlineData("""{"format":2,"flow":"f","config":{},"sets":{}}""")]
    [InlineData("""{"format":2,"flow":"f","config":{},"columns":[null],"sets":{}}""")]
    public void Malformed_state_is_a_corrupt_table(string text)
    {
        Action parse = () => FlowState.Parse(text);
        parse.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }
}
