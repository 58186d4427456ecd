namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>The file system calls of the operating system this process runs on.</summary>
internal static class NativeFile
{
    public static INativeFile Current { get; } = OperatingSystem.IsWindows() ? new WindowsFile() : new UnixFile();
}
