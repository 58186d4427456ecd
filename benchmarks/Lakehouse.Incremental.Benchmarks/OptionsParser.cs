using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks;

/// <summary>Reads the command line.</summary>
internal static class OptionsParser
{
    public const string Help = """
        Measures workloads on Delta tables side by side with other ways to do them.

        Usage: Lakehouse.Incremental.Benchmarks WORKLOAD|all|list|kernels [options]

          --rows N[,N…]       rows of the table (default 1000000)
          --batch N           rows of a batch (default: the workload's share)
          --batches N         batches in a row (default: the workload's)
          --iterations N      times on a fresh copy (default: the workload's)
          --seed N            of the data (default 42)
          --keys HOW          which rows change: uniform (default), zipf, latest, clustered
          --peers A[,B…]      only these peers
          --dir DIR           keep the data there for the next run
          --no-verify         do not compare the resulting tables
          --output FILE       append the table to a markdown file
          --json              one line of JSON a measure

        list names workloads and peers; kernels passes what follows to BenchmarkDotNet.
        """;

    /// <exception cref="UsageException">An option is unknown or has a bad value.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new UsageException("What to run? 'list' names the workloads.");
        }

        Options options = new() { Command = arguments[0] };
        if (string.Equals(options.Command, "kernels", StringComparison.Ordinal))
        {
            return options with { Rest = [.. arguments.Skip(1)] };
        }

        for (int i = 1; i < arguments.Count; i++)
        {
            string name = arguments[i];
            options = name switch
            {
                "--rows" => options with { Rows = [.. Value().Split(',').Select(text => Number(name, text))] },
                "--batch" => options with { Batch = (int)Number(name, Value()) },
                "--batches" => options with { Batches = (int)Number(name, Value()) },
                "--iterations" => options with { Iterations = (int)Number(name, Value()) },
                "--seed" => options with { Seed = Number(name, Value()) },
                "--keys" => options with { Keys = Keys(Value()) },
                "--peers" => options with { Peers = Value().Split(',') },
                "--dir" => options with { Directory = Path.GetFullPath(Value()) },
                "--no-verify" => options with { Verify = false },
                "--output" => options with { Output = Path.GetFullPath(Value()) },
                "--json" => options with { Json = true },
                "--child" => options with { Child = Value() },
                "--result" => options with { Result = Value() },
                _ => throw new UsageException($"The option {name} is unknown."),
            };

            string Value() => i + 1 < arguments.Count ? arguments[++i] : throw new UsageException($"{name} needs a value.");
        }

        return options;
    }

    private static KeyDistribution Keys(string text) =>
        Enum.TryParse(text, ignoreCase: true, out KeyDistribution keys) && Enum.IsDefined(keys) && !char.IsAsciiDigit(text[0])
            ? keys
            : throw new UsageException($"--keys needs uniform, zipf, latest or clustered, not '{text}'.");

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 && value <= int.MaxValue
            ? value
            : throw new UsageException($"{name} needs whole numbers above zero, not '{text}'.");
}
