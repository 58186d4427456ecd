namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Makes a file or folder unless it is there whole.</summary>
internal static class Once
{
    /// <param name="path">Where it will be.</param>
    /// <param name="make">Makes it at another place, from which it is moved when it is done.</param>
    public static async Task RunAsync(string path, Func<string, Task> make)
    {
        if (Path.Exists(path))
        {
            return;
        }

        string unfinished = path + ".unfinished";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Remove(unfinished);
        await make(unfinished).ConfigureAwait(false);
        if (Directory.Exists(unfinished))
        {
            Directory.Move(unfinished, path);
        }
        else
        {
            File.Move(unfinished, path);
        }
    }

    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
