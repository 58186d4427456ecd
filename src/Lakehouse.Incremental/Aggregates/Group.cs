using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>A group being worked on.</summary>
/// <param name="key">Encoded group columns.</param>
/// <param name="sample">A row that shows them.</param>
/// <param name="measures">Accumulators; null for counts.</param>
internal sealed class Group(byte[] key, RowRef sample, IMeasureAccumulator?[] measures)
{
    public byte[] Key => key;

    public RowRef Sample => sample;

    public IMeasureAccumulator?[] Measures => measures;

    /// <summary>Rows of the input that belong to the group.</summary>
    public long Rows { get; set; }

    /// <summary>Rows that the state remembered.</summary>
    public long RowsBefore { get; private set; }

    public bool IsDirty => Array.Exists(measures, m => m?.IsDirty == true);

    /// <summary>True when more was taken away than was ever added (semantics 2.29).</summary>
    public bool IsUnderflown => Rows < 0 || Array.Exists(measures, m => m is not null && (m.IsUnderflown || m.Values > Rows));

    public void RestoreRows(long rows) => Rows = RowsBefore = rows;
}
