using System.Text;

namespace GitHistory.Git;

/// <summary>Runs short git commands whose output fits in memory.</summary>
internal static class GitRunner
{
    /// <summary>Runs a command to its end and returns the exit code, standard output as text, and standard error.</summary>
    public static async Task<GitAnswer> AskAsync(string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        await using GitProcess git = GitProcess.Start(folder, arguments);
        git.Input.Close();
        using MemoryStream output = new();
        await git.Output.CopyToAsync(output, cancellationToken);
        (int exitCode, string errors) = await git.ExitAsync(cancellationToken);
        return new GitAnswer(exitCode, Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length).TrimEnd('\n', '\r'), errors);
    }
}
