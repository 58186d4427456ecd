using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Storage;

/// <summary>
/// The few file system calls on which durability and exclusive creation rest. An interface, so that tests can make any of them fail.
/// Every failure is an <see cref="IOException"/>.
/// </summary>
internal interface INativeFile
{
    /// <summary>Brings the content of a file to the disk.</summary>
    void Sync(SafeFileHandle file);

    /// <summary>Brings the names in a directory to the disk.</summary>
    void SyncDirectory(string directory);

    /// <summary>Gives a file a second name.</summary>
    ExclusiveResult Link(string existing, string name);

    /// <summary>Renames a file unless the new name is taken.</summary>
    ExclusiveResult RenameNoReplace(string source, string target);

    /// <summary>Renames a file and replaces the target atomically.</summary>
    void Rename(string source, string target);

    /// <summary>The path with every symbolic link resolved.</summary>
    string Resolve(string path);
}
