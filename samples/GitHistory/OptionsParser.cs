using System.Globalization;

namespace GitHistory;

/// <summary>Reads the command line.</summary>
internal static class OptionsParser
{
    /// <summary>The help text, at most 80 columns wide.</summary>
    public const string Help = """
        Turns the first-parent history of a git repository into change events, keeps
        Delta tables up to date with them, and proves the tables against git ls-tree.

        Usage: GitHistory [PATH] [options]

          PATH              a folder of the repository (default: the current one)
          --commits N       only the N oldest commits
          --batch-size N    events per micro-batch (default 500)
          --shuffle SEED    deliver the events in a random order, in batches of
                            different sizes, with some repeated
          --output DIR      folder of the tables (default lake/NAME, with
                            -shuffled-SEED when shuffled)
          --help            this text

        Run again after an interruption, or when the history has grown: it goes on.
        Exit code: 0 all ok, 1 a proof failed, 2 the run was not possible.
        """;

    /// <exception cref="UsageException">An option is unknown, repeated, or has a bad value.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Options options = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string? attached = null;
            int equals = name.IndexOf('=', StringComparison.Ordinal);
            if (name.StartsWith("--", StringComparison.Ordinal) && equals > 0)
            {
                (name, attached) = (name[..equals], name[(equals + 1)..]);
            }

            string key = name.StartsWith('-') ? name : "PATH";
            if (!seen.Add(key))
            {
                throw new UsageException($"{key} is given twice.");
            }

            options = key switch
            {
                "--help" or "-h" => options with { Help = true },
                "--commits" => options with { Commits = (int)Number(1, int.MaxValue) },
                "--batch-size" => options with { BatchSize = (int)Number(1, 1_000_000) },
                "--shuffle" => options with { Shuffle = Number(0, ulong.MaxValue) },
                "--output" => options with { Output = Value("a folder") },
                "PATH" when name.Length > 0 => options with { Repository = name },
                "PATH" => throw new UsageException("The path of the repository is empty."),
                _ => throw new UsageException($"The option {name} is unknown: --help shows the options."),
            };

            string Value(string what)
            {
                string? value = attached ?? (i + 1 < arguments.Count ? arguments[++i] : null);
                return value is { Length: > 0 } ? value : throw new UsageException($"{name} needs {what}.");
            }

            ulong Number(ulong least, ulong greatest)
            {
                string what = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {greatest}");
                string text = Value(what);
                return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value >= least && value <= greatest
                    ? value
                    : throw new UsageException($"{name} needs {what}, not '{text}'.");
            }
        }

        return options;
    }
}
