using System.Globalization;
using ParquetSharp;
using Xunit.Abstractions;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>
/// Damaged tables end in the same rows or in a typed error: never in wrong rows where something could tell, another exception, a hang, a crash or
/// unbounded memory. <c>LAKEHOUSE_MUTATION_CASES</c> multiplies the number of cases, <c>LAKEHOUSE_MUTATION_SEED</c> makes others.
/// </summary>
public class MalformedInputTests(ITestOutputHelper output)
{
    private const int Cases = 12_000;
    private const int Workers = 2;
    private const long MostNativeBytes = 512L << 20;

    [Fact]
    public async Task Damage_ends_in_the_same_rows_or_in_a_typed_error()
    {
        IReadOnlyList<Victim> victims = await Victims.BuildAsync();
        int seed = Setting("LAKEHOUSE_MUTATION_SEED", 20_261_124);
        int cases = Cases * Setting("LAKEHOUSE_MUTATION_CASES", 1);
        Campaign campaign = new(victims, seed, cases);
        campaign.Run(Workers);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{campaign.Done} cases, {campaign.Refused} refused"));
        campaign.Failures.Should().BeEmpty();
        campaign.Done.Should().Be(cases);
        campaign.Refused.Should().BeGreaterThan(cases / 4);
        MemoryPool.GetDefaultMemoryPool().MaxMemory.Should().BeLessThan(MostNativeBytes);
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
