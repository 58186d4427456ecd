using Lakehouse.Incremental.Delta.Storage;
using Microsoft.Win32.SafeHandles;

namespace Lakehouse.Incremental.Delta.Tests.Storage;

/// <summary>The real file system calls, except for those a test makes fail or go missing.</summary>
internal sealed class FaultyFile : INativeFile
{
    private readonly INativeFile _real = NativeFile.Current;

    public bool FailSync { get; set; }

    public bool FailSyncDirectory { get; set; }

    public bool FailRename { get; set; }

    public bool NoLinks { get; set; }

    public bool NoExclusiveRename { get; set; }

    public List<string> Calls { get; } = [];

    public void Sync(SafeFileHandle file)
    {
        Note("sync");
        if (FailSync)
        {
            throw new IOException("injected EIO");
        }

        _real.Sync(file);
    }

    public void SyncDirectory(string directory)
    {
        Note("syncdir");
        if (FailSyncDirectory)
        {
            throw new IOException("injected EIO");
        }

        _real.SyncDirectory(directory);
    }

    public ExclusiveResult Link(string existing, string name)
    {
        Note("link");
        return NoLinks ? ExclusiveResult.NotSupported : _real.Link(existing, name);
    }

    public ExclusiveResult RenameNoReplace(string source, string target)
    {
        Note("renamenoreplace");
        return NoExclusiveRename ? ExclusiveResult.NotSupported : _real.RenameNoReplace(source, target);
    }

    public void Rename(string source, string target)
    {
        Note("rename");
        if (FailRename)
        {
            throw new IOException("injected EIO");
        }

        _real.Rename(source, target);
    }

    public string Resolve(string path) => _real.Resolve(path);

    private void Note(string call)
    {
        lock (Calls)
        {
            Calls.Add(call);
        }
    }
}
