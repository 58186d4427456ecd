using System.Globalization;
using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Runs a law on generated deliveries. A failing one is shrunk and printed as code.</summary>
internal static class Cases
{
    /// <summary>
    /// How many times the usual number of cases are run; the environment variable LAKEHOUSE_LAW_CASES, 1 when it is not set. The usual number is
    /// <see cref="CaseNumbers.Total"/> in all tests together; 40 makes a million.
    /// </summary>
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("LAKEHOUSE_LAW_CASES"), CultureInfo.InvariantCulture, out double factor) ? factor : 1;

    public static void Check<T>(Gen<T> cases, int usual, Func<T, Task> law) =>
        cases.Sample(
            c => RunAsync(c, law).GetAwaiter().GetResult(),
            iter: Math.Max(1, (long)(usual * Factor)),
            threads: Environment.ProcessorCount,
            print: c => c!.ToString()!);

    /// <summary>Of a case that fails and can be made smaller the smallest one is told.</summary>
    private static async Task RunAsync<T>(T c, Func<T, Task> law)
    {
        try
        {
            await law(c);
        }
        catch (Exception error) when (c is IReducible<T>)
        {
            (T smallest, Exception cause) = await ReduceAsync(c, error, law);
            throw new InvalidOperationException($"{cause.Message}\nin\n{smallest}", cause);
        }
    }

    private static async Task<(T Case, Exception Error)> ReduceAsync<T>(T c, Exception error, Func<T, Task> law)
    {
        foreach (T smaller in ((IReducible<T>)c!).Smaller())
        {
            try
            {
                await law(smaller);
            }
            catch (Exception again)
            {
                return await ReduceAsync(smaller, again, law);
            }
        }

        return (c, error);
    }
}
