using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Checkpoints;

namespace Lakehouse.Incremental.Delta.Tests.Checkpoints;

public sealed class JsonChecksumTests
{
    [Fact]
    public void The_example_of_the_protocol_comes_out()
    {
        const string Example = """{"k0":"'v 0'","checksum":"adsaskfljadfkjadfkj","k1":{"k2":2,"k3":["v3",[1,2],{"k4":"v4","k5":["v5","v6","v7"]}]}}""";
        JsonChecksum.Of(JsonNode.Parse(Example)!.AsObject()).Should().Be("6a92d155a59bf2eecbd4b4ec7fd1f875");
    }

    [Fact]
    public void The_order_of_the_fields_does_not_count() =>
        JsonChecksum.Of(JsonNode.Parse("""{"b":null,"a":[true,1.5]}""")!.AsObject())
            .Should().Be(JsonChecksum.Of(JsonNode.Parse("""{"checksum":"x","a":[true,1.5],"b":null}""")!.AsObject()));
}
