using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks;

/// <summary>A given folder, which is kept, or a temporary one, which is not.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly bool _isTemporary;

    public WorkFolder(string? given)
    {
        _isTemporary = given is null;
        Path = given ?? Directory.CreateTempSubdirectory("benchmarks-").FullName;
    }

    public string Path { get; }

    public void Dispose()
    {
        if (_isTemporary)
        {
            Once.Remove(Path);
        }
    }
}
