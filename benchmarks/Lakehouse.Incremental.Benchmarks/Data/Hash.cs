namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Random numbers that are a function of their place, so that any part of the data can be made without the rest.</summary>
internal static class Hash
{
    public static ulong Of(long seed, long a, long b = 0, long c = 0) =>
        Mix(Mix(Mix(Mix((ulong)seed + 0x9E3779B97F4A7C15) ^ (ulong)a) + (ulong)b * 0xBF58476D1CE4E5B9) ^ (ulong)c);

    /// <summary>The finalizer of SplitMix64.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
