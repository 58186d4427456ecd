using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Tests;

public sealed class ChangeSourceTests
{
    private static readonly ChangeMix Mix = new() { Updates = 0.5, Inserts = 0.3, Deletes = 0.2 };

    [Fact]
    public void The_same_seed_makes_the_same_changes() =>
        new ChangeSource(1000, Mix, 42).Batch(1, 100).Should().Equal(new ChangeSource(1000, Mix, 42).Batch(1, 100));

    [Fact]
    public void Keys_are_not_repeated_over_batches()
    {
        ChangeSource source = new(1000, Mix, 42);

        RowId[] rows = [.. Enumerable.Range(0, 8).SelectMany(batch => source.Batch(batch, 100))];

        rows.Select(row => (row.Order, row.Line)).Should().OnlyHaveUniqueItems();
        rows.GroupBy(row => row.Operation).ToDictionary(g => g.Key, g => g.Count()).Should().BeEquivalentTo(new Dictionary<char, int> { ['u'] = 400, ['c'] = 240, ['d'] = 160 });
        rows.Where(row => row.Operation != 'c').Should().OnlyContain(row => Places.Of(row) >= 0 && Places.Of(row) < 1000);
    }

    [Theory]
    [InlineData("Zipf")]
    [InlineData("Latest")]
    [InlineData("Clustered")]
    public void Other_distributions_draw_distinct_keys_for_a_batch_and_repeat_them_over_batches(string name)
    {
        ChangeSource source = new(10_000, Mix, 42, Enum.Parse<KeyDistribution>(name));

        long[][] places = [.. Enumerable.Range(0, 8).Select(batch => source.Batch(batch, 100).Where(row => row.Operation != 'c').Select(Places.Of).ToArray())];

        places.Should().AllSatisfy(batch => batch.Should().HaveCount(70).And.OnlyHaveUniqueItems().And.OnlyContain(place => place >= 0 && place < 10_000));
        places.SelectMany(batch => batch).Distinct().Should().HaveCountLessThan(8 * 70);
    }

    [Fact]
    public void The_law_of_Zipf_prefers_a_few_keys()
    {
        KeyDraw draw = new(1_000_000, KeyDistribution.Zipf, 7);

        int[] seen = [.. Enumerable.Range(0, 200).SelectMany(batch => draw.Batch(batch, 10)).GroupBy(place => place).Select(g => g.Count()).OrderDescending()];

        seen[0].Should().BeGreaterThan(50);
        seen.Length.Should().BeGreaterThan(500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(999_983)]
    public void A_permutation_visits_each_number_once(int size)
    {
        Permutation permutation = new(size, 7);

        Enumerable.Range(0, size).Select(place => permutation[place]).Distinct().Should().HaveCount(size);
    }
}
