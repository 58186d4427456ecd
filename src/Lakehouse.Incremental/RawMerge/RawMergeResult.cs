using System.Globalization;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What a raw MERGE did. The counts have the names under which the history of a Delta table keeps them.</summary>
public sealed record RawMergeResult
{
    /// <summary>The version it became; null when it committed nothing, because nothing changed or it was done before.</summary>
    public long? Version { get; init; }

    /// <summary>True when the table knows this transaction, or a later one of the application, already.</summary>
    public bool AlreadyApplied { get; init; }

    /// <summary>Rows of the source.</summary>
    public long NumSourceRows { get; init; }

    /// <summary>Rows inserted.</summary>
    public long NumTargetRowsInserted { get; init; }

    /// <summary>Rows changed. Rows that an update leaves equal to what they were do not count, and are not written.</summary>
    public long NumTargetRowsUpdated => NumTargetRowsMatchedUpdated + NumTargetRowsNotMatchedBySourceUpdated;

    /// <summary>Rows deleted.</summary>
    public long NumTargetRowsDeleted => NumTargetRowsMatchedDeleted + NumTargetRowsNotMatchedBySourceDeleted;

    /// <summary>Rows changed that had a match.</summary>
    public long NumTargetRowsMatchedUpdated { get; init; }

    /// <summary>Rows deleted that had a match.</summary>
    public long NumTargetRowsMatchedDeleted { get; init; }

    /// <summary>Rows changed that had no match.</summary>
    public long NumTargetRowsNotMatchedBySourceUpdated { get; init; }

    /// <summary>Rows deleted that had no match.</summary>
    public long NumTargetRowsNotMatchedBySourceDeleted { get; init; }

    /// <summary>Rows written to new files without a change, because a deletion vector was not possible.</summary>
    public long NumTargetRowsCopied { get; init; }

    /// <summary>Data files that entered the table.</summary>
    public long NumTargetFilesAdded { get; init; }

    /// <summary>Data files that left the table.</summary>
    public long NumTargetFilesRemoved { get; init; }

    /// <summary>Size of the data files that entered, in bytes.</summary>
    public long NumTargetBytesAdded { get; init; }

    /// <summary>Size of the data files that left, in bytes.</summary>
    public long NumTargetBytesRemoved { get; init; }

    /// <summary>Data files that stay and got a deletion vector, or a greater one.</summary>
    public long NumTargetDeletionVectorsAdded { get; init; }

    /// <summary>Deletion vectors that left, because their file did or has a greater one.</summary>
    public long NumTargetDeletionVectorsRemoved { get; init; }

    /// <summary>Deletion vectors that were replaced by a greater one.</summary>
    public long NumTargetDeletionVectorsUpdated { get; init; }

    /// <summary>Change data files written.</summary>
    public long NumTargetChangeFilesAdded { get; init; }

    /// <summary>Rows that an update left equal to what they were. The history does not keep it.</summary>
    public long NumTargetRowsUnchanged { get; init; }

    /// <summary>Data files that were read for matches. The history does not keep it.</summary>
    public long NumTargetFilesScanned { get; init; }

    /// <summary>Time of the whole call, in milliseconds.</summary>
    public long ExecutionTimeMs { get; init; }

    /// <summary>Time for finding matches, in milliseconds.</summary>
    public long ScanTimeMs { get; init; }

    /// <summary>Time for writing, in milliseconds.</summary>
    public long RewriteTimeMs { get; init; }

    /// <summary>One line with the counts, the version and the time.</summary>
    public override string ToString()
    {
        if (AlreadyApplied)
        {
            return "merged before: nothing to do";
        }

        string rows = string.Create(
            CultureInfo.InvariantCulture,
            $"{NumTargetRowsUpdated:N0} updated, {NumTargetRowsInserted:N0} inserted, {NumTargetRowsDeleted:N0} deleted");
        string version = Version is { } number ? string.Create(CultureInfo.InvariantCulture, $"version {number}") : "no commit";
        return string.Create(CultureInfo.InvariantCulture, $"{NumSourceRows:N0} source rows: {rows} · {version} · {ExecutionTimeMs:N0} ms");
    }
}
