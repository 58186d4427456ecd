using System.Diagnostics;

namespace GitHistory.Tests;

/// <summary>Tests that need the sample as a process of its own.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData]
    [InlineData("--shuffle", "9")]
    public async Task A_killed_run_goes_on_and_ends_all_ok(params string[] options)
    {
        using TestRepository repo = Histories.Long(60);
        string script = Path.Combine(AppContext.BaseDirectory, "kill-loop.sh");
        ProcessStartInfo start = new("bash", [script, repo.Path, "5", "--batch-size", "7", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SAMPLE"] = Path.Combine(AppContext.BaseDirectory, "GitHistory.dll");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(0, "{0}{1}", output, await errors);
        output.Should().Contain("5 kills in ").And.Contain("all ok");
    }

    [Fact]
    public async Task A_machine_without_git_is_told_so()
    {
        using TestRepository repo = Histories.Long(1);
        ProcessStartInfo start = new(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "GitHistory.dll"), repo.Path])
        {
            RedirectStandardError = true,
            WorkingDirectory = repo.Beside("."),
        };
        start.Environment["PATH"] = repo.Path;
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(Application.NotPossible);
        error.Should().Be("git could not be started: install git and make sure that it is on the PATH." + Environment.NewLine);
        Directory.Exists(repo.Beside("lake")).Should().BeFalse();
    }
}
