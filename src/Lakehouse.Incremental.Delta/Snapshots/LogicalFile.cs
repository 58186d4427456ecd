namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>The protocol's key of a file: its path and its deletion vector. Null stands for no vector.</summary>
internal readonly record struct LogicalFile(string Path, string? DeletionVector)
{
    /// <summary>
    /// The path in the form in which paths are compared: percent-decoded once, and without the several spellings of a <c>file:</c> URI.
    /// </summary>
    public static string PathKey(string logPath)
    {
        string path = logPath.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(logPath) : logPath;
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            path = "/" + path["file:".Length..].TrimStart('/');
        }

        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }
}
