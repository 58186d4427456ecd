using System.Globalization;
using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Runs a law on generated deliveries. A failing one is shrunk and printed as code.</summary>
internal static class Cases
{
    /// <summary>How many times the usual number of cases are run; the environment variable LAKEHOUSE_LAW_CASES, 1 when it is not set.</summary>
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("LAKEHOUSE_LAW_CASES"), CultureInfo.InvariantCulture, out double factor) ? factor : 1;

    public static void Check<T>(Gen<T> cases, int usual, Func<T, Task> law) =>
        cases.Sample(
            c => law(c).GetAwaiter().GetResult(),
            iter: Math.Max(1, (long)(usual * Factor)),
            threads: Environment.ProcessorCount,
            print: c => c!.ToString()!);
}
