using Apache.Arrow;
using BenchmarkDotNet.Attributes;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Benchmarks.Kernels;

/// <summary>Copying rows of all columns: scattered ones, and almost all.</summary>
[MemoryDiagnoser]
public class SelectionKernels
{
    private const int Few = 1000;

    private readonly RecordBatch _rows = KernelData.LineItems();
    private readonly int[] _few = KernelData.Scattered(Few);
    private readonly bool[] _most = new bool[KernelData.Rows];

    [GlobalSetup]
    public void Choose()
    {
        System.Array.Fill(_most, true);
        foreach (int row in _few)
        {
            _most[row] = false;
        }
    }

    [Benchmark(OperationsPerInvoke = Few)]
    public int TakeFew() => TakeKernel.Take(_rows, _few).Length;

    [Benchmark(OperationsPerInvoke = KernelData.Rows)]
    public int FilterMost() => FilterKernel.Filter(_rows, _most).Length;

    [Benchmark(OperationsPerInvoke = KernelData.Rows)]
    public int ConcatTwo() => ConcatKernel.Concat(_rows.Schema, [_rows, _rows]).Length / 2;
}
