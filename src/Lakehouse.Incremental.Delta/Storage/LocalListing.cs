namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>Walks a directory tree in the order an object store lists its keys: ordinal by the whole path.</summary>
internal static class LocalListing
{
    /// <param name="directory">The directory on disk; one that does not exist is empty.</param>
    /// <param name="prefix">Its storage path with a trailing slash, or empty for the root.</param>
    /// <param name="startAfter">Only greater paths are returned; whole directories before it are not opened.</param>
    /// <param name="cancellationToken">Checked at each file.</param>
    public static IEnumerable<StoredFile> Walk(string directory, string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        foreach ((string key, FileSystemInfo entry) in Sorted(directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = prefix + key;
            if (entry is DirectoryInfo)
            {
                if (startAfter is null || string.CompareOrdinal(path, startAfter) > 0 || startAfter.StartsWith(path, StringComparison.Ordinal))
                {
                    foreach (StoredFile file in Walk(entry.FullName, path, startAfter, cancellationToken))
                    {
                        yield return file;
                    }
                }
            }
            else if ((startAfter is null || string.CompareOrdinal(path, startAfter) > 0) && Stat((FileInfo)entry, path) is { } file)
            {
                yield return file;
            }
        }
    }

    /// <summary>Size and time of a file, following a link; null when it is gone or is no file.</summary>
    public static StoredFile? Stat(FileInfo info, string path)
    {
        if (info.LinkTarget is not null)
        {
            if (info.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo target)
            {
                return null;
            }

            info = target;
        }

        // One look at the file system answers all three.
        return info.Exists ? new StoredFile(path, info.Length, new DateTimeOffset(info.LastWriteTimeUtc, TimeSpan.Zero)) : null;
    }

    // A directory sorts as its name and a slash, which is how the paths below it begin. Linked directories are not followed: a listing
    // serves to delete, too.
    private static List<(string Key, FileSystemInfo Entry)> Sorted(string directory)
    {
        List<(string Key, FileSystemInfo Entry)> entries = [];
        try
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo)
                {
                    if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    {
                        entries.Add((entry.Name + "/", entry));
                    }
                }
                else if (!LocalPublisher.IsTemp(entry.Name))
                {
                    entries.Add((entry.Name, entry));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Not made yet, or deleted since its parent was read: empty either way.
            return [];
        }

        entries.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return entries;
    }
}
