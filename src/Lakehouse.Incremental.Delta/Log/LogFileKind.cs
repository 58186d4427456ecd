namespace Lakehouse.Incremental.Delta.Log;

/// <summary>What a name in the log directory stands for.</summary>
internal enum LogFileKind
{
    /// <summary>Nothing that is needed to read a table.</summary>
    Other,

    Commit,

    /// <summary><c>v.checkpoint.parquet</c>.</summary>
    ClassicCheckpoint,

    /// <summary><c>v.checkpoint.part.parts.parquet</c>.</summary>
    MultiPartCheckpoint,

    /// <summary><c>v.checkpoint.uuid.json</c> or <c>.parquet</c>.</summary>
    UuidCheckpoint,

    /// <summary><c>x.y.compacted.json</c>.</summary>
    Compaction,

    /// <summary><c>v.crc</c>.</summary>
    Checksum,
}
