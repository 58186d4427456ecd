namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>Maps storage paths to file names under a root and refuses those that a symbolic link would lead out of it.</summary>
internal sealed class LocalPaths(string root, INativeFile native)
{
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The file name of something below the root; the last segment may be a link, which is right for deleting and replacing it.</summary>
    public string Of(string path)
    {
        StoragePath.Check(path);
        int slash = path.LastIndexOf('/');
        if (slash > 0)
        {
            RefuseLinksOut(path, slash);
        }

        return Combine(path);
    }

    /// <summary>The file name of something to read: no segment may lead out of the root.</summary>
    public string OfReadable(string path)
    {
        StoragePath.Check(path);
        RefuseLinksOut(path, path.Length);
        return Combine(path);
    }

    /// <summary>The name of a directory to list; empty stands for the root.</summary>
    public string OfDirectory(string directory)
    {
        StoragePath.CheckDirectory(directory);
        return directory.Length == 0 ? Root : OfReadable(directory);
    }

    private string Combine(string path) =>
        Root + Path.DirectorySeparatorChar + (OperatingSystem.IsWindows() ? path.Replace('/', Path.DirectorySeparatorChar) : path);

    private void RefuseLinksOut(string path, int length)
    {
        for (int end = 0; end < length; end++)
        {
            int slash = path.IndexOf('/', end, length - end);
            end = slash < 0 ? length : slash;
            FileAttributes attributes = new FileInfo(Combine(path[..end])).Attributes;
            if (attributes == (FileAttributes)(-1))
            {
                return;
            }

            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                RefuseUnlessBelowRoot(path, path[..length]);
                return;
            }
        }
    }

    private void RefuseUnlessBelowRoot(string path, string part)
    {
        string resolvedRoot = Path.TrimEndingDirectorySeparator(native.Resolve(Root)) + Path.DirectorySeparatorChar;
        if (!native.Resolve(Combine(part)).StartsWith(resolvedRoot, StringComparison.Ordinal))
        {
            throw StoragePath.Refused(path, "a symbolic link leads out of the table");
        }
    }
}
