using System.Diagnostics;
using System.Globalization;

namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>What the operating system counted for this process.</summary>
internal static class ProcessStats
{
    /// <summary>Bytes given to write calls so far, whether they reached the disk yet or not; 0 where the system does not tell.</summary>
    public static long BytesWritten() => Read("/proc/self/io", "wchar:");

    /// <summary>The most memory the process ever had resident, in bytes.</summary>
    public static long PeakMemory()
    {
        long kilobytes = Read("/proc/self/status", "VmHWM:");
        return kilobytes > 0 ? kilobytes * 1024 : Process.GetCurrentProcess().PeakWorkingSet64;
    }

    private static long Read(string file, string name)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
