using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>What a merge adds is held to the rules of the target; what it copies is not held to them again.</summary>
public sealed class RowRulesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_merge_that_breaks_a_constraint_changes_nothing(bool deletionVectors)
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable target = await Orders.TableAsync(flow, new InMemoryTableStorage(), deletionVectors);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open"), target);
        await target.AddConstraintAsync("known_status", "status IN ('open', 'shut') AND seq > 0");
        await flow.ApplyAsync(Orders.Batch("a 2 shut"), target);
        long version = target.CurrentSnapshot.Version;

        InvalidRowsException error = (await FluentActions.Awaiting(() => flow.ApplyAsync(Orders.Batch("a 3 open", "b 2 lost"), target))
            .Should().ThrowAsync<InvalidRowsException>()).Which;

        (error.ErrorCode, error.Count).Should().Be((ErrorCodes.ConstraintViolation, 1));
        error.Message.Should().Contain("'known_status'").And.Contain("status = lost");
        (await target.RefreshAsync()).Version.Should().Be(version);
        (await Orders.RowsAsync(target)).Should().Equal("a 2 shut", "b 1 open");
        await flow.ApplyAsync(Orders.Batch("a 3 open", "b 2 -"), target);
        (await Orders.RowsAsync(target)).Should().Equal("a 3 open");
    }
}
