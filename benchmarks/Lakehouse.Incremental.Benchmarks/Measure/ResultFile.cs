namespace Lakehouse.Incremental.Benchmarks.Measure;

/// <summary>A markdown file of results.</summary>
internal static class ResultFile
{
    public static async Task AppendAsync(string file, IReadOnlyList<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.AppendAllLinesAsync(file, [.. lines, Machine.Describe(), ""]).ConfigureAwait(false);
    }
}
