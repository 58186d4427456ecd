using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Different events of one key at one sequence (semantics 2.0).</summary>
public sealed class AmbiguousTieTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task By_default_the_rule_decides_and_the_pair_is_counted(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 1 open", "a 1 -"), await Orders.TableAsync(flow, _storage));

        result.Ties.Should().Be(1);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_flow_may_refuse_them_before_anything_is_written(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).OnAmbiguousTie(AmbiguousTie.Fail).Build();
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open"), table);

        Func<Task> inOneBatch = () => flow.ApplyAsync(Orders.Batch("c 1 open", "c 1 shipped"), table);
        Func<Task> withTheTable = () => flow.ApplyAsync(Orders.Batch("a 1 shipped", "c 1 open", "b 1 -"), table);

        (await inOneBatch.Should().ThrowAsync<InvalidRowsException>()).Which.SampleKeys.Should().Equal("c");
        InvalidRowsException error = (await withTheTable.Should().ThrowAsync<InvalidRowsException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.AmbiguousTie);
        error.Count.Should().Be(2);
        error.Flow.Should().Be("orders");
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task The_same_event_twice_is_no_tie()
    {
        MergeFlow flow = Orders.Flow().OnAmbiguousTie(AmbiguousTie.Fail).Build();
        DeltaTable table = await Orders.TableAsync(flow, _storage);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "a 1 open", "b 1 -", "b 1 -"), table);

        (await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 -"), table)).Duplicates.Should().Be(2);
    }
}
