using System.Globalization;

namespace Lakehouse.Incremental.Delta.Log;

/// <summary>Names of the files in <c>_delta_log</c>.</summary>
internal static class LogPaths
{
    public const string Directory = "_delta_log";
    public const string LastCheckpoint = "_delta_log/_last_checkpoint";
    public const string Sidecars = "_delta_log/_sidecars";
    private const string Prefix = "_delta_log/";
    private const string CompactionEnd = ".compacted.json";
    private const int VersionDigits = 20;
    private const int PartDigits = 10;

    public static string Commit(long version) => Stem(version) + ".json";

    public static string Checkpoint(long version) => Stem(version) + ".checkpoint.parquet";

    public static string Checksum(long version) => Stem(version) + ".crc";

    /// <summary>A checkpoint of the V2 form, whose name is not known beforehand.</summary>
    public static string UuidCheckpoint(long version, Guid id) => string.Create(CultureInfo.InvariantCulture, $"{Stem(version)}.checkpoint.{id:D}.parquet");

    /// <summary>Ordinally before every file of the version and after those of lower ones: where a listing starts.</summary>
    public static string Stem(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return Prefix + version.ToString("D20", CultureInfo.InvariantCulture);
    }

    /// <summary>What a path stands for. Only names with the protocol's number of digits count; others are <see cref="LogFileKind.Other"/>.</summary>
    public static LogFileName Parse(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path.Length <= Prefix.Length + VersionDigits)
        {
            return default;
        }

        ReadOnlySpan<char> name = path.AsSpan(Prefix.Length);
        ReadOnlySpan<char> rest = name[VersionDigits..];
        if (rest.Contains('/') || !TryDigits(name[..VersionDigits], out long version))
        {
            return default;
        }

        const string CheckpointInfix = ".checkpoint.";
        return rest is ".json" ? new LogFileName(LogFileKind.Commit, version)
            : rest is ".crc" ? new LogFileName(LogFileKind.Checksum, version)
            : rest.EndsWith(CompactionEnd, StringComparison.Ordinal) ? ParseCompaction(version, rest[..^CompactionEnd.Length])
            : rest.StartsWith(CheckpointInfix, StringComparison.Ordinal) ? ParseCheckpoint(version, rest[CheckpointInfix.Length..])
            : default;
    }

    // Between the first version and the ending: a dot and the last version.
    private static LogFileName ParseCompaction(long version, ReadOnlySpan<char> rest) =>
        rest.Length == VersionDigits + 1 && rest[0] == '.' && TryDigits(rest[1..], out long last) && last > version
            ? new LogFileName(LogFileKind.Compaction, version, Last: last)
            : default;

    // After the infix: "parquet", "part.parts.parquet", or "uuid.json" and "uuid.parquet".
    private static LogFileName ParseCheckpoint(long version, ReadOnlySpan<char> rest)
    {
        if (rest is "parquet")
        {
            return new LogFileName(LogFileKind.ClassicCheckpoint, version);
        }

        int dot = rest.IndexOf('.');
        if (dot <= 0)
        {
            return default;
        }

        ReadOnlySpan<char> first = rest[..dot];
        ReadOnlySpan<char> tail = rest[(dot + 1)..];
        if (tail is "json" or "parquet")
        {
            return new LogFileName(LogFileKind.UuidCheckpoint, version);
        }

        if (first.Length == PartDigits && tail.Length == PartDigits + ".parquet".Length && tail[PartDigits..] is ".parquet"
            && TryDigits(first, out long part) && TryDigits(tail[..PartDigits], out long parts)
            && part >= 1 && part <= parts && parts <= int.MaxValue)
        {
            return new LogFileName(LogFileKind.MultiPartCheckpoint, version, (int)part, (int)parts);
        }

        return default;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
