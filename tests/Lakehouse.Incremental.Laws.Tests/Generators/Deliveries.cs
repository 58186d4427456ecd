namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>All ways, where there are few enough.</summary>
internal static class Deliveries
{
    public static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1).SelectMany(p => Enumerable.Range(0, count).Select(at => (int[])[.. p[..at], count - 1, .. p[at..]]));

    /// <summary>All ways to cut a list into consecutive batches that are not empty.</summary>
    public static IEnumerable<T[][]> Splits<T>(T[] items) => Enumerable.Range(0, 1 << Math.Max(items.Length - 1, 0)).Select(mask =>
    {
        int[] borders = [0, .. Enumerable.Range(1, items.Length - 1).Where(i => (mask >> (i - 1) & 1) != 0), items.Length];
        return borders.Zip(borders.Skip(1), (from, to) => items[from..to]).ToArray();
    });
}
