using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Tests;

public sealed class OptionsParserTests
{
    [Fact]
    public void Options_are_read()
    {
        Options options = OptionsParser.Parse(["W9", "--rows", "1000,6000", "--batch", "10", "--batches", "3", "--peers", "flow,duckdb", "--seed", "7", "--keys", "zipf", "--json"]);

        options.Should().BeEquivalentTo(new Options { Command = "W9", Rows = [1000, 6000], Batch = 10, Batches = 3, Peers = ["flow", "duckdb"], Seed = 7, Keys = KeyDistribution.Zipf, Json = true });
    }

    [Theory]
    [InlineData]
    [InlineData("W1", "--rows")]
    [InlineData("W1", "--rows", "0")]
    [InlineData("W1", "--rows", "1,x")]
    [InlineData("W1", "--fast")]
    [InlineData("W9", "--keys", "odd")]
    [InlineData("W9", "--keys", "1")]
    public void What_cannot_be_read_is_refused(params string[] arguments) =>
        FluentActions.Invoking(() => OptionsParser.Parse(arguments)).Should().Throw<UsageException>();

    [Fact]
    public async Task An_unknown_workload_is_refused() =>
        await FluentActions.Awaiting(() => Application.RunAsync(new Options { Command = "W99" }, TextWriter.Null)).Should().ThrowAsync<UsageException>();
}
