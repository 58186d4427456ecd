using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GitHistory.Git;

/// <summary>
/// One git process. Arguments are passed as a list (never through a shell), output is bytes, and standard error is drained while the process runs
/// so that it can never block on a full pipe.
/// </summary>
internal sealed class GitProcess : IAsyncDisposable
{
    /// <summary>Variables that would make git look at another repository than the one it is told to.</summary>
    private static readonly string[] RepositoryVariables =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
        "GIT_PREFIX", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE",
    ];

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly string _command;
    private TokenReader? _tokens;

    private GitProcess(Process process, string command)
    {
        _process = process;
        _command = command;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What git writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What git reads; close it to say that there is no more.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What git writes, cut into tokens. <see cref="CompleteAsync"/> then also checks that the last one was whole.</summary>
    public TokenReader ReadTokens(byte separator) => _tokens = new TokenReader(Output, separator);

    /// <summary>Starts git.</summary>
    /// <param name="folder">The folder git works in.</param>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="variables">Environment variables for this process only.</param>
    /// <exception cref="UsageException">There is no git on this machine.</exception>
    public static GitProcess Start(string folder, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        ProcessStartInfo start = new("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Array.ForEach(RepositoryVariables, name => start.Environment.Remove(name));
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";

        // A partial clone would fetch objects one by one over the network. Old versions of git do not know the first variable, but cannot fetch
        // where no protocol is allowed.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return new GitProcess(Process.Start(start)!, "git " + string.Join(' ', arguments));
        }
        catch (Win32Exception exception)
        {
            throw new UsageException("git could not be started: install git and make sure that it is on the PATH.", exception);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <exception cref="GitException">git ended with another exit code than 0, or inside of a token.</exception>
    /// <exception cref="UsageException">git needs a tree or commit that a partial clone does not hold.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        (int exitCode, string errors) = await ExitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw Failure(exitCode, errors);
        }

        if (_tokens is { IsCutOff: true })
        {
            throw new GitException($"'{_command}' ended in the middle of its output");
        }
    }

    /// <summary>Waits for the end and returns the exit code and standard error.</summary>
    public async Task<(int ExitCode, string Errors)> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, (await _errors.WaitAsync(cancellationToken)).Trim());
    }

    /// <summary>Ends git if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _errors;
        _process.Dispose();
    }

    private Exception Failure(int exitCode, string errors)
    {
        if (errors.Contains("from promisor remote", StringComparison.Ordinal))
        {
            return new UsageException(
                "This partial clone does not hold all trees of its history: clone it with --filter=blob:none or without a filter.");
        }

        string reason = errors.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}") : errors.ReplaceLineEndings(" ");
        return new GitException($"'{_command}' failed: {reason}");
    }
}
