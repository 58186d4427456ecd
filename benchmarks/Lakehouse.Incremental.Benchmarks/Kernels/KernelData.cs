using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Kernels;

/// <summary>Rows that kernels are measured on: as many as a batch that comes out of a Parquet file.</summary>
internal static class KernelData
{
    public const int Rows = 65_536;

    private const long Seed = 42;

    public static RecordBatch LineItems()
    {
        RowId[] ids = new RowId[Rows];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = Places.Base(i);
        }

        return LineItem.Instance.Rows(ids, Seed);
    }

    /// <summary>Distinct places in no order.</summary>
    public static int[] Scattered(int count)
    {
        Permutation order = new(Rows, Seed);
        return [.. Enumerable.Range(0, count).Select(i => (int)order[i])];
    }
}
