using System.Runtime.InteropServices;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Copies a Delta table: data files, which never change, as hard links where the system has them, the log byte by byte.</summary>
internal static partial class TableCopy
{
    public static void Make(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            bool isData = !target.Contains("_delta_log", StringComparison.Ordinal);
            if (!isData || OperatingSystem.IsWindows() || HardLink(file, target) != 0)
            {
                File.Copy(file, target);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string created);
}
