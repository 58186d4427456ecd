using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Aggregates;

/// <summary>A group being worked on.</summary>
/// <param name="Key">Encoded group columns.</param>
/// <param name="Sample">A row that shows them.</param>
/// <param name="Measures">Accumulators; null for counts.</param>
internal sealed record Group(byte[] Key, RowRef Sample, IMeasureAccumulator?[] Measures)
{
    /// <summary>Rows of the input that belong to the group.</summary>
    public long Rows { get; set; }

    public bool IsDirty => Array.Exists(Measures, m => m?.IsDirty == true);

    /// <summary>True when more was taken away than was ever added (semantics 2.29).</summary>
    public bool IsUnderflown => Rows < 0 || Array.Exists(Measures, m => m is { Values: < 0 } || (m is not null && m.Values > Rows));
}
