using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// kernel32 calls. A move without the replace flag is exclusive on Windows; directories cannot be flushed, so moves are written through instead.
/// </summary>
internal sealed partial class WindowsFile : INativeFile
{
    private const int FileExists = 80;
    private const int AlreadyExists = 183;
    private const uint ReplaceExisting = 1;
    private const uint WriteThrough = 8;

    public void Sync(SafeFileHandle file)
    {
        if (!FlushFileBuffers(file))
        {
            throw Failure("FlushFileBuffers", null);
        }
    }

    public void SyncDirectory(string directory)
    {
        // Nothing to do: the moves below are written through.
    }

    public ExclusiveResult Link(string existing, string name) => ExclusiveResult.NotSupported;

    public ExclusiveResult RenameNoReplace(string source, string target)
    {
        if (MoveFileEx(source, target, WriteThrough))
        {
            return ExclusiveResult.Created;
        }

        return Marshal.GetLastPInvokeError() is FileExists or AlreadyExists ? ExclusiveResult.Exists : throw Failure("MoveFileEx", target);
    }

    public void Rename(string source, string target)
    {
        if (!MoveFileEx(source, target, WriteThrough | ReplaceExisting))
        {
            throw Failure("MoveFileEx", target);
        }
    }

    public string Resolve(string path)
    {
        // Junctions and links need elevated rights to make; a table that holds one is refused rather than followed.
        for (string? part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (Path.Exists(part) && File.GetAttributes(part).HasFlag(FileAttributes.ReparsePoint))
            {
                throw new IOException($"'{part}' is a link.");
            }
        }

        return path;
    }

    private static IOException Failure(string call, string? path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} failed{(path is null ? "" : " for '" + path + "'")}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string source, string target, uint flags);
}
