using System.Globalization;
using Apache.Arrow;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.SourceSnapshots;

/// <summary>A complete snapshot of a source as it was given, each row with the version as its sequence.</summary>
internal sealed record SourceSnapshot(long Version, IReadOnlyList<RecordBatch> Rows, SnapshotOptions Options)
{
    /// <summary>A name for people.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"snapshot {Version}");

    public bool IsEmpty => Rows.All(static part => part.Length == 0);

    /// <summary>A digest of the rows, however they are batched.</summary>
    public string Digest => BatchLedger.Digest(Rows);
}
