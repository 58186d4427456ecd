namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>The rules for paths of <see cref="ITableStorage"/>: a path that could leave the root never reaches the file system.</summary>
internal static class StoragePath
{
    /// <summary>Throws unless the path names something below the root.</summary>
    public static void Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
        {
            throw Refused(path, "it is empty");
        }

        if (path.AsSpan().IndexOfAny('\0', '\\') >= 0)
        {
            throw Refused(path, "it holds a NUL or a backslash");
        }

        // On Windows a colon starts a drive or an alternate stream.
        if (OperatingSystem.IsWindows() && path.Contains(':', StringComparison.Ordinal))
        {
            throw Refused(path, "it holds a colon");
        }

        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = path.AsSpan(range);
            if (segment.IsEmpty || segment is "." or "..")
            {
                throw Refused(path, "it is absolute or holds an empty, '.' or '..' segment");
            }
        }
    }

    /// <summary>As <see cref="Check"/>, but the empty text stands for the root.</summary>
    public static void CheckDirectory(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (directory.Length > 0)
        {
            Check(directory);
        }
    }

    public static LakehouseException Refused(string path, string reason) =>
        new(ErrorCodes.PathNotAllowed, $"The path '{path.Replace('\0', '?')}' is not allowed: {reason}.");
}
