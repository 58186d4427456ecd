using Apache.Arrow;
using Apache.Arrow.Types;
using BenchmarkDotNet.Attributes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Index;

namespace Lakehouse.Incremental.Benchmarks.Kernels;

/// <summary>What the key index does with each row of a new file, and what a merge does with each event.</summary>
[MemoryDiagnoser]
public class KeyKernels
{
    private readonly RecordBatch _rows = KernelData.LineItems();
    private readonly RowEncoder _encoder = new([Int64Type.Default, Int32Type.Default]);
    private readonly int[] _keys = [0, 3];
    private readonly int[] _all = [.. Enumerable.Range(0, 17)];
    private EncodedRows _encoded = null!;

    [GlobalSetup]
    public void Encode() => _encoded = _encoder.Encode(_rows, _keys);

    [Benchmark(OperationsPerInvoke = KernelData.Rows)]
    public int EncodeKeys() => _encoder.Encode(_rows, _keys).Count;

    [Benchmark(OperationsPerInvoke = KernelData.Rows)]
    public int HashKeys() => KeyHash.Of(_encoded).Length;

    [Benchmark(OperationsPerInvoke = KernelData.Rows)]
    public int DigestRows() => RowDigest.Compute(_rows, _all, default).Length;
}
