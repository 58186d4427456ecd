using Spectre.Console;

namespace GitHistory.Tests;

/// <summary>What a run of the sample wrote and returned.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of the result table, as claim and "ok" or "FAILED".</summary>
    public IReadOnlyDictionary<string, string> Results { get; } = Output.Split('\n')
        .Select(line => line.Split('│', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length >= 4 && cells[2] is "ok" or "FAILED")
        .ToDictionary(cells => cells[1], cells => cells[2] + ": " + cells[3], StringComparer.Ordinal);

    public static async Task<SampleRun> StartAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new Redirected(output),
        });
        int exitCode = await Application.RunAsync(arguments, console, error, CancellationToken.None);
        return new SampleRun(exitCode, output.ToString(), error.ToString().TrimEnd());
    }

    /// <summary>Ended well: all proofs are there and hold.</summary>
    public SampleRun ShouldBeOk()
    {
        Error.Should().BeEmpty();
        ExitCode.Should().Be(Application.Ok, "{0}", Output);
        Results.Values.Should().OnlyContain(r => r.StartsWith("ok"));
        Results.Keys.Should().Contain(
            [
                "events applied", "silver/files = ls-tree", "silver/files_history = ls-tree", "gold/by_directory = a recount",
                "silver/files reconciled", "silver/files_history reconciled", "gold/by_directory reconciled", "all applied again",
            ]);
        return this;
    }

    private sealed class Redirected(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => 80;

        public int Height => 24;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // A string has no encoding.
        }
    }
}
