using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GitHistory.Tests;

/// <summary>
/// A real repository in a temporary folder, built with git itself and independent of the machine's configuration. Trees are built in the index from
/// bytes, so that any name git allows can be used on any file system.
/// </summary>
internal sealed class TestRepository : IDisposable
{
    private readonly TempFolder _folder = new();
    private long _time = 1_700_000_000;

    public TestRepository(params string[] initOptions)
    {
        Path = _folder["repo"];
        Directory.CreateDirectory(Path);
        Git(["init", "-q", "-b", "main", .. initOptions, "."]);
    }

    public string Path { get; }

    /// <summary>A folder beside the repository that goes with it.</summary>
    public string Beside(string name) => _folder[name];

    public string Git(params string[] arguments) => Run(Path, null, arguments);

    public static string RunIn(string folder, params string[] arguments) => Run(folder, null, arguments, 1_700_000_000);

    /// <summary>Puts a file into the index.</summary>
    public void Add(string path, string content, string mode = "100644") => AddBytes(Encoding.UTF8.GetBytes(path), content, mode);

    public void AddBytes(byte[] path, string content, string mode = "100644")
    {
        string blob = Run(Path, Encoding.UTF8.GetBytes(content), ["hash-object", "-w", "--stdin"]);
        Index(mode, blob, path);
    }

    public void AddSubmodule(string path, string commit) => Index("160000", commit, Encoding.UTF8.GetBytes(path));

    public void Remove(string path) => RemoveBytes(Encoding.UTF8.GetBytes(path));

    public void RemoveBytes(byte[] path) => Index("0", new string('0', 40), path);

    /// <summary>Commits the index on the current branch.</summary>
    public string Commit(string message, string author = "Ada")
    {
        Run(Path, null, ["commit", "-q", "--allow-empty", "-m", message], _time++, author);
        return Git("rev-parse", "HEAD");
    }

    /// <summary>Makes HEAD a commit object that git itself would not write.</summary>
    public void CommitRaw(string commit)
    {
        string id = Run(Path, Encoding.UTF8.GetBytes(commit), ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"]);
        Git("update-ref", "HEAD", id);
    }

    /// <summary>Merges a branch with a merge commit.</summary>
    public void Merge(string branch, params string[] options)
    {
        // The work tree is not kept up to date by tests that write the index; merge only needs the index.
        Git("checkout", "-q", "-f");
        Run(Path, null, ["merge", "-q", "--no-ff", "-m", "merge " + branch, .. options, branch], _time++);
    }

    public void Switch(string branch, bool create = false) => Git(["checkout", "-q", "-f", .. create ? new[] { "-b" } : [], branch]);

    public void Dispose() => _folder.Dispose();

    private void Index(string mode, string id, byte[] path) =>
        Run(Path, [.. Encoding.ASCII.GetBytes($"{mode} {id}\t"), .. path, 0], ["update-index", "-z", "--add", "--index-info"]);

    private string Run(string folder, byte[]? input, params string[] arguments) => Run(folder, input, arguments, _time);

    private static string Run(string folder, byte[]? input, IEnumerable<string> arguments, long time, string author = "Ada")
    {
        ProcessStartInfo start = new("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_CONFIG_SYSTEM"] = "/dev/null",
            ["GIT_AUTHOR_NAME"] = author,
            ["GIT_AUTHOR_EMAIL"] = "ada@example.org",
            ["GIT_COMMITTER_NAME"] = "Grace",
            ["GIT_COMMITTER_EMAIL"] = "grace@example.org",
            ["GIT_AUTHOR_DATE"] = string.Create(CultureInfo.InvariantCulture, $"{time - 1000} +0200"),
            ["GIT_COMMITTER_DATE"] = string.Create(CultureInfo.InvariantCulture, $"{time} +0200"),
            ["LC_ALL"] = "C",
        })
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
        }

        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "git {0}: {1}", string.Join(' ', arguments), errors.Result);
        return output.TrimEnd('\n');
    }
}
