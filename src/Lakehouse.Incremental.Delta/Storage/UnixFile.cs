using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// libc calls with checked results. .NET's own flush loses the error of fsync on Linux and its File.Move is not exclusive; hence not used.
/// </summary>
internal sealed partial class UnixFile : INativeFile
{
    private const int NoSuchFile = 2;
    private const int Interrupted = 4;
    private const int Exists = 17;
    private const int CurrentDirectory = -100;
    private const uint LinuxNoReplace = 1;
    private const uint MacExclusive = 4;
    private const int MacFullSync = 51;

    // EPERM, EACCES on odd mounts is a real error; these say "no such call here": EPERM, EXDEV, EINVAL, EMLINK, ENOSYS, EOPNOTSUPP.
    private static readonly int[] s_unsupported = OperatingSystem.IsMacOS() ? [1, 18, 22, 31, 78, 45, 102] : [1, 18, 22, 31, 38, 95];

    public void Sync(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            SyncDescriptor((int)file.DangerousGetHandle());
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    public void SyncDirectory(string directory)
    {
        // O_RDONLY is 0 everywhere; O_CLOEXEC and O_DIRECTORY differ and are not needed for a descriptor that lives this short.
        int descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw Failure("open", directory);
        }

        try
        {
            SyncDescriptor(descriptor);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public ExclusiveResult Link(string existing, string name) =>
        LinkPath(existing, name) == 0 ? ExclusiveResult.Created : Classify("link", name);

    public ExclusiveResult RenameNoReplace(string source, string target)
    {
        try
        {
            int result = OperatingSystem.IsMacOS()
                ? RenameExclusive(source, target, MacExclusive)
                : RenameAt(CurrentDirectory, source, CurrentDirectory, target, LinuxNoReplace);
            return result == 0 ? ExclusiveResult.Created : Classify("rename", target);
        }
        catch (EntryPointNotFoundException)
        {
            // An older C library has no wrapper for the call.
            return ExclusiveResult.NotSupported;
        }
    }

    public void Rename(string source, string target)
    {
        if (RenamePath(source, target) != 0)
        {
            throw Failure("rename", target);
        }
    }

    public string Resolve(string path)
    {
        nint resolved = RealPath(path, 0);
        if (resolved == 0)
        {
            throw Failure("realpath", path);
        }

        try
        {
            return Marshal.PtrToStringUTF8(resolved)!;
        }
        finally
        {
            Free(resolved);
        }
    }

    private static void SyncDescriptor(int descriptor)
    {
        int result;
        do
        {
            result = SyncOnce(descriptor);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (result != 0)
        {
            throw Failure("fsync", null);
        }
    }

    private static int SyncOnce(int descriptor)
    {
        // On macOS plain fsync leaves the data in the cache of the drive.
        if (OperatingSystem.IsMacOS() && FileControl(descriptor, MacFullSync) == 0)
        {
            return 0;
        }

        return FileSync(descriptor);
    }

    private static ExclusiveResult Classify(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error == Exists)
        {
            return ExclusiveResult.Exists;
        }

        return s_unsupported.Contains(error) ? ExclusiveResult.NotSupported : throw Failure(call, path);
    }

    private static IOException Failure(string call, string? path)
    {
        int error = Marshal.GetLastPInvokeError();
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"{call} failed{(path is null ? "" : " for '" + path + "'")}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
        return error == NoSuchFile ? new FileNotFoundException(message, path) : new IOException(message, error);
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkPath(string existing, string name);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenamePath(string source, string target);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int sourceDirectory, string source, int targetDirectory, string target, uint flags);

    [LibraryImport("libc", EntryPoint = "renamex_np", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameExclusive(string source, string target, uint flags);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint pointer);
}
