using System.Security.Cryptography;

namespace Lakehouse.Incremental.Delta;

/// <summary>Where file names, table ids and commit ids come from. Passed in, so that a test can make a run repeat itself byte by byte.</summary>
public abstract class IdSource
{
    /// <summary>Unpredictable identifiers from the operating system (UUID version 4). Safe for concurrent use.</summary>
    public static IdSource System { get; } = new SystemIdSource();

    /// <summary>The same identifiers in the same order for the same seed; for tests. Safe for concurrent use.</summary>
    /// <param name="seed">Sources with different seeds never return the same identifier.</param>
    public static IdSource Sequential(int seed) => new SequentialIdSource(seed);

    /// <summary>An identifier that this source never returned before.</summary>
    public abstract Guid NewId();

    private sealed class SystemIdSource : IdSource
    {
        public override Guid NewId()
        {
            Span<byte> bytes = stackalloc byte[16];
            RandomNumberGenerator.Fill(bytes);
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes, bigEndian: true);
        }
    }
}
