using System.Globalization;
using Lakehouse.Incremental.Delta.Storage;
using Xunit.Sdk;

namespace Lakehouse.Incremental.Delta.Tests.RoundTrips;

/// <summary>
/// Random tables through random lives: after each step, and at the end for every version, what is read is what the model says.
/// <c>LAKEHOUSE_ROUND_TRIPS</c> multiplies the number of cases, <c>LAKEHOUSE_ROUND_TRIP_SEED</c> makes others.
/// </summary>
public class RoundTripTests
{
    private const int Cases = 200;
    private const int Steps = 9;

    [Fact]
    public async Task Every_version_of_a_table_is_what_the_model_says()
    {
        int seed = Setting("LAKEHOUSE_ROUND_TRIP_SEED", 20_261_124);
        int cases = Cases * Setting("LAKEHOUSE_ROUND_TRIPS", 1);
        int done = 0;
        await Parallel.ForAsync(0, cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (number, _) =>
        {
            RoundTrip trip = new(seed, number, new InMemoryTableStorage());
            try
            {
                await trip.RunAsync(Steps);
            }
            catch (Exception error)
            {
                throw new XunitException($"{trip.Script}\n{error}");
            }

            Interlocked.Increment(ref done);
        });
        done.Should().Be(cases);
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
