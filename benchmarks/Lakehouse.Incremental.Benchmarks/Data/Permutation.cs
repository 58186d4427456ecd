using System.Numerics;

namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Visits the numbers below a size, each once, spread evenly: drawing keys without replacement and without memory.</summary>
internal sealed class Permutation
{
    private readonly long _size;
    private readonly ulong _step;
    private readonly ulong _start;

    public Permutation(long size, long seed)
    {
        _size = size;
        _start = Hash.Of(seed, 1) % (ulong)size;
        _step = (Hash.Of(seed, 2) % (ulong)size) | 1;
        while (BigInteger.GreatestCommonDivisor(_step, size) != 1)
        {
            _step += 2;
        }
    }

    /// <summary>The number at a place; places beyond the size begin anew.</summary>
    public long this[long place] => (long)(((UInt128)(ulong)place * _step + _start) % (ulong)_size);
}
