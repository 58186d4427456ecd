using Lakehouse.Incremental.Conformance.Tests.Showcase;

namespace Lakehouse.Incremental.Conformance.Tests;

/// <summary>Started by hand the project writes tables for others to read; the tests are run by <c>dotnet test</c>.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write-showcase", var folder])
        {
            await Console.Error.WriteLineAsync("Usage: write-showcase DIR   writes one table per feature, with its expected rows as Parquet, into DIR");
            return 2;
        }

        foreach (string table in await ShowcaseWriter.WriteAsync(folder))
        {
            Console.WriteLine(table);
        }

        return 0;
    }
}
