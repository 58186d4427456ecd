using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// Makes files appear whole and durable: everything is written under an unpredictable hidden name in the target's directory, brought to the disk,
/// and only then given its name. What a crash leaves behind is a hidden file that no listing shows.
/// </summary>
internal sealed class LocalPublisher(string root, INativeFile native, IdSource ids)
{
    private const string TempSuffix = ".tmp";
    private const int TempNameLength = 1 + 32 + 4;
    private readonly ConcurrentDictionary<string, bool> _durableDirectories = new(StringComparer.Ordinal);

    /// <summary>Readers and writers never exclude each other: files are complete before they have a name.</summary>
    public const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>True for the name of a file this class makes before it is published.</summary>
    public static bool IsTemp(string name) =>
        name.Length == TempNameLength && name[0] == '.' && name.EndsWith(TempSuffix, StringComparison.Ordinal)
        && Guid.TryParseExact(name.AsSpan(1, 32), "N", out _);

    /// <summary>A hidden, unpredictable name beside the target, whose directory exists and is durable when this returns.</summary>
    public string NewTempFor(string target)
    {
        string directory = Path.GetDirectoryName(target)!;
        EnsureDirectory(directory);
        return Path.Combine(directory, "." + ids.NewId().ToString("N") + TempSuffix);
    }

    /// <summary>Writes and syncs a new hidden file. After a failure nothing of it is left, and its descriptor is never tried again.</summary>
    /// <param name="target">The name it will get.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="durable">False for what may be lost when the machine stops.</param>
    public string WriteTemp(string target, ReadOnlySpan<byte> content, bool durable = true)
    {
        string temp = NewTempFor(target);
        try
        {
            using SafeFileHandle handle = File.OpenHandle(temp, FileMode.CreateNew, FileAccess.Write, Sharing);
            RandomAccess.Write(handle, content, 0);
            if (durable)
            {
                native.Sync(handle);
            }

            return temp;
        }
        catch
        {
            Discard(temp);
            throw;
        }
    }

    public void Sync(FileStream stream) => native.Sync(stream.SafeFileHandle);

    /// <summary>Gives a synced hidden file its name, unless the name is taken: then the hidden file is deleted and false returned.</summary>
    public bool PublishExclusively(string temp, string target, bool durable = true)
    {
        ExclusiveResult result;
        try
        {
            result = native.Link(temp, target);
            if (result == ExclusiveResult.NotSupported)
            {
                result = native.RenameNoReplace(temp, target);
            }

            if (result == ExclusiveResult.NotSupported)
            {
                result = CopyExclusively(temp, target);
            }
        }
        finally
        {
            Discard(temp);
        }

        if (result == ExclusiveResult.Created && durable)
        {
            SyncParent(target);
        }

        return result == ExclusiveResult.Created;
    }

    /// <summary>Gives a synced hidden file its name, replacing what had it.</summary>
    public void PublishReplacing(string temp, string target)
    {
        try
        {
            native.Rename(temp, target);
        }
        catch
        {
            Discard(temp);
            throw;
        }

        SyncParent(target);
    }

    /// <summary>Deletes a hidden file. One that stays is as invisible as after a crash, so it must not hide the first error.</summary>
    public static bool Discard(string temp)
    {
        try
        {
            File.Delete(temp);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void SyncParent(string target)
    {
        string directory = Path.GetDirectoryName(target)!;
        try
        {
            native.SyncDirectory(directory);
        }
        catch (IOException error)
        {
            throw new LakehouseException(
                ErrorCodes.StorageFailure,
                $"'{target}' was written, but the disk did not confirm its name: it may be lost when the machine stops.",
                error);
        }
    }

    /// <summary>The last resort, without links and exclusive renames: exclusive, but a reader may see a part of the content.</summary>
    private ExclusiveResult CopyExclusively(string temp, string target)
    {
        byte[] content = File.ReadAllBytes(temp);
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write, Sharing);
        }
        catch (IOException) when (File.Exists(target))
        {
            return ExclusiveResult.Exists;
        }

        using (handle)
        {
            try
            {
                RandomAccess.Write(handle, content, 0);
                native.Sync(handle);
            }
            catch
            {
                Discard(target);
                throw;
            }
        }

        return ExclusiveResult.Created;
    }

    // A file is durable only if the directories above it are. The first use of a directory syncs the chain up to the root, since another
    // process may have made it and stopped before syncing it.
    private void EnsureDirectory(string directory)
    {
        if (_durableDirectories.ContainsKey(directory) && Directory.Exists(directory))
        {
            return;
        }

        bool isNew = !Directory.Exists(directory);
        string? parent = Path.GetDirectoryName(directory);
        bool belowRoot = directory.Length > root.Length;
        if (parent is not null && (belowRoot || isNew))
        {
            EnsureDirectory(parent);
            Directory.CreateDirectory(directory);
            native.SyncDirectory(parent);
        }

        _durableDirectories[directory] = true;
    }
}
