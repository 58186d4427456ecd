using System.Globalization;

namespace Lakehouse.Incremental.Reconciliation;

/// <summary>What a reconciliation found, and what it did about it. Counts are of keys.</summary>
public sealed record ReconcileReport
{
    /// <summary>True when the table equals the full recompute, rows and state.</summary>
    public bool IsClean => Missing + Extra + Different + Duplicate + StateDrift == 0;

    /// <summary>The version of the input that the table was compared with; -1 when the table has consumed nothing.</summary>
    public long InputVersion { get; init; }

    /// <summary>The version of the table that was compared.</summary>
    public long TargetVersion { get; init; }

    /// <summary>Rows that the full recompute yields.</summary>
    public long ExpectedRows { get; init; }

    /// <summary>Rows that the table holds.</summary>
    public long ActualRows { get; init; }

    /// <summary>Buckets of keys compared by checksum.</summary>
    public int Buckets { get; init; }

    /// <summary>Buckets whose checksums differed, so that their rows were compared.</summary>
    public int DifferingBuckets { get; init; }

    /// <inheritdoc cref="DriftKind.Missing"/>
    public long Missing { get; init; }

    /// <inheritdoc cref="DriftKind.Extra"/>
    public long Extra { get; init; }

    /// <inheritdoc cref="DriftKind.Different"/>
    public long Different { get; init; }

    /// <inheritdoc cref="DriftKind.Duplicate"/>
    public long Duplicate { get; init; }

    /// <inheritdoc cref="DriftKind.StateDrift"/>
    public long StateDrift { get; init; }

    /// <summary>Some of the keys that differ.</summary>
    public IReadOnlyList<DriftedKey> Samples { get; init; } = [];

    /// <summary>The version that repaired what was found; null when nothing was repaired.</summary>
    public long? RepairVersion { get; init; }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string repaired = RepairVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $" · repaired in version {version}") : "";
        return IsClean
            ? string.Create(CultureInfo.InvariantCulture, $"{ActualRows:N0} rows equal the full recompute")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Missing:N0} missing, {Extra:N0} extra, {Different:N0} different, {Duplicate:N0} duplicate, {StateDrift:N0} with wrong state{repaired}");
    }
}
