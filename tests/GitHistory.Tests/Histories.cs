using System.Text;

namespace GitHistory.Tests;

/// <summary>Repositories that hold what real ones do.</summary>
internal static class Histories
{
    public static readonly byte[] Latin1Name = [(byte)'c', (byte)'a', (byte)'f', 0xE9, (byte)'/', (byte)'x'];

    /// <summary>
    /// Every kind of change: adds, edits, renames, deletes, modes, links, submodules, type changes, empty commits, merges, odd names.
    /// </summary>
    public static TestRepository Rich()
    {
        TestRepository repo = new();
        repo.Add("readme.md", "hello");
        repo.Add("src/a.cs", "a");
        repo.Add("src/b.cs", "bb");
        repo.Commit("root");
        repo.Commit("nothing");
        repo.Add("src/a.cs", "a, edited");
        repo.Remove("src/b.cs");
        repo.Add("lib/renamed.cs", "bb");
        repo.Commit("edit and rename", "Zoë \"Z\" O'Neil: 1 2");
        repo.Add("readme.md", "hello", "100755");
        repo.Commit("mode only");
        repo.Add("link", "readme.md", "120000");
        repo.AddSubmodule("vendor/lib", "1234567890123456789012345678901234567890");
        repo.Commit("link and submodule");
        repo.Remove("src/a.cs");
        repo.Add("src/a.cs/inner", "a file became a folder");
        repo.Add("link", "now a file", "100644");
        repo.Commit("type changes");
        repo.AddBytes(Latin1Name, "not utf-8");
        repo.Add("\"quoted\"", "begins with a quote");
        repo.Add("tab\there/new\nline \"q\" \\", "odd but valid");
        repo.Add("日本語/ファイル", "utf-8");
        repo.Add("-option", "looks like an option");
        repo.Add(":colon", "looks like a raw line");
        repo.Add("empty", "");
        repo.Commit("names");
        repo.AddSubmodule("vendor/lib", "abcdefabcdefabcdefabcdefabcdefabcdefabcd");
        repo.AddSubmodule("src/a.cs/inner", "1234567890123456789012345678901234567890");
        repo.Commit("submodule moves, a file becomes one");
        repo.RemoveBytes(Latin1Name);
        repo.Remove("vendor/lib");
        repo.Add("src/b.cs", "back again");
        repo.Commit("deletes and a return");
        return repo;
    }

    /// <summary>Two branches merged into the main line, one of them twice, one without any change.</summary>
    public static TestRepository Merged()
    {
        TestRepository repo = new();
        repo.Add("a", "1");
        repo.Add("b/c", "1");
        repo.Commit("root");
        repo.Switch("side", create: true);
        repo.Add("side/1", "s");
        repo.Commit("side 1");
        repo.Remove("b/c");
        repo.Commit("side 2");
        repo.Switch("main");
        repo.Add("a", "2");
        repo.Commit("main 1");
        repo.Merge("side");
        repo.Switch("side");
        repo.Add("side/1", "t");
        repo.Commit("side 3");
        repo.Switch("main");
        repo.Merge("side", "-s", "ours");
        repo.Add("end", "e");
        repo.Commit("end");
        return repo;
    }

    /// <summary>A longer history of edits and deletes over a few folders, the same on every machine.</summary>
    public static TestRepository Long(int commits)
    {
        TestRepository repo = new();
        Extend(repo, 0, commits);
        return repo;
    }

    /// <summary>Adds commits to a <see cref="Long"/> history.</summary>
    public static void Extend(TestRepository repo, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            repo.Add($"dir{i % 3}/file{i % 7}", new string('x', i * 37 % 101));
            repo.Add($"root{i % 4}", Encoding.ASCII.GetString([(byte)('a' + (i % 26))]));
            if (i % 5 == 4)
            {
                repo.Remove($"dir{i % 3}/file{i % 7}");
            }

            repo.Commit($"commit {i}");
        }
    }
}
