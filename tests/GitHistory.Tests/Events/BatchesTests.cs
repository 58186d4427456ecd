using GitHistory.Events;
using GitHistory.Git;

namespace GitHistory.Tests.Events;

public sealed class BatchesTests
{
    private static readonly GitCommit Commit = new(1, new string('a', 40), "Ada", 1_700_000_000);

    [Fact]
    public async Task In_order_batches_are_equal_and_go_on_behind_any_offset()
    {
        List<EventBatch> all = await CutAsync(23, 5, -1);
        all.Select(b => b.Offset).Should().Equal(4, 9, 14, 19, 22);
        all.SelectMany(b => b.Events).Select(e => e.Ordinal).Should().Equal(Enumerable.Range(0, 23).Select(i => (long)i));

        // The history grew from 23 to 31 events: what the partial last batch had is not cut again, and nothing is left out.
        List<EventBatch> grown = await CutAsync(31, 5, 22);
        grown.Select(b => b.Offset).Should().Equal(27, 30);
        grown.SelectMany(b => b.Events).Select(e => e.Ordinal).Should().Equal(23, 24, 25, 26, 27, 28, 29, 30);
        (await CutAsync(31, 7, 30)).Should().BeEmpty();
        (await CutAsync(0, 7, -1)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(1000, 7)]
    [InlineData(5000, 500)]
    [InlineData(3, 500)]
    public void Shuffled_batches_hold_every_event_and_the_same_ones_each_time(int count, int batchSize)
    {
        List<GitChange> changes = Changes(count);
        IReadOnlyList<EventBatch> batches = ShuffledBatches.Cut(changes, batchSize, 42);

        batches.Select(b => b.Offset).Should().Equal(Enumerable.Range(0, batches.Count).Select(i => (long)i));
        batches.Should().OnlyContain(b => b.Events.Count > 0);
        batches.SelectMany(b => b.Events).Select(e => e.Ordinal).Distinct().Should().HaveCount(count);
        batches.SelectMany(b => b.Events).Should().OnlyContain(e => ReferenceEquals(changes[(int)e.Ordinal], e.Change));
        Ordinals(ShuffledBatches.Cut(changes, batchSize, 42)).Should().Equal(Ordinals(batches));
    }

    [Fact]
    public void A_shuffled_delivery_repeats_one_in_twenty_in_batches_of_different_size()
    {
        IReadOnlyList<EventBatch> batches = ShuffledBatches.Cut(Changes(20_000), 100, 1);
        int delivered = batches.Sum(b => b.Events.Count);
        delivered.Should().BeInRange(20_800, 21_200);
        int inSameBatch = batches.Sum(b => b.Events.Count - b.Events.Select(e => e.Ordinal).Distinct().Count());
        inSameBatch.Should().BeInRange((delivered - 20_000) / 3, (delivered - 20_000) * 2 / 3);
        batches.Select(b => b.Events.Count).Distinct().Count().Should().BeGreaterThan(20);
        Ordinals(ShuffledBatches.Cut(Changes(20_000), 100, 2)).Should().NotEqual(Ordinals(batches));
        batches[0].Events.Select(e => e.Ordinal).Should().NotBeInAscendingOrder();
    }

    [Fact]
    public void The_generator_is_the_published_one()
    {
        SplitMix64 random = new(1234567);
        random.Next().Should().Be(6457827717110365317);
        random.Next().Should().Be(3203168211198807973);
    }

    private static IEnumerable<long> Ordinals(IEnumerable<EventBatch> batches) =>
        batches.SelectMany(b => b.Events.Select(e => e.Ordinal).Append(-b.Offset - 1));

    private static List<GitChange> Changes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new GitChange(Commit, new GitPath($"f{i}", "."), "100644", new string('b', 40)))];

    private static Task<List<EventBatch>> CutAsync(int count, int batchSize, long staged) =>
        InOrderBatches.CutAsync(Changes(count).ToAsyncEnumerable(), batchSize, staged, CancellationToken.None).ToListAsync().AsTask();
}
