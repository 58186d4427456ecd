using BenchmarkDotNet.Attributes;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Benchmarks.Kernels;

/// <summary>A thousand rows more are deleted in a file of a million, of which a part is deleted already.</summary>
[MemoryDiagnoser]
public class DeletionVectorKernels
{
    private const int FileRows = 1_000_000;
    private const int More = 1000;

    private readonly Permutation _order = new(FileRows, 42);
    private long[] _more = [];
    private DeletionVector _deleted = DeletionVector.Empty;
    private byte[] _bytes = [];

    [Params(10_000, 300_000)]
    public int Deleted { get; set; }

    [GlobalSetup]
    public void Delete()
    {
        _deleted = DeletionVector.Of(Enumerable.Range(0, Deleted).Select(i => _order[i]));
        _more = [.. Enumerable.Range(Deleted, More).Select(i => _order[i]).Order()];
        _bytes = _deleted.Serialize();
    }

    [Benchmark]
    public object Union() => _deleted.Union(_more);

    [Benchmark]
    public int Serialize() => _deleted.Serialize().Length;

    [Benchmark]
    public object Parse() => DeletionVector.Parse(_bytes);

    [Benchmark(OperationsPerInvoke = More)]
    public int Contains() => _more.Count(_deleted.Contains);
}
