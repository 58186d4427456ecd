using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.State;

public sealed class StateTiersTests
{
    [Theory]
    [InlineData(new long[0], 0)]
    [InlineData(new long[] { 5 }, 1)]
    [InlineData(new long[] { 1, 1, 1 }, 3)]
    [InlineData(new long[] { 1, 1, 1, 1 }, 0)]
    [InlineData(new long[] { 1000, 1, 1, 1, 1 }, 1)]
    [InlineData(new long[] { 8, 1, 1, 1, 1 }, 0)]
    [InlineData(new long[] { 1, 1, 1, 0 }, 0)]
    public void The_youngest_runs_are_merged_once_four_are_of_a_size(long[] sizes, int first) => StateTiers.FirstToMerge(sizes).Should().Be(first);
}
