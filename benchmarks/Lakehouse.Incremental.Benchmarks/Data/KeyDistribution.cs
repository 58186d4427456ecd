namespace Lakehouse.Incremental.Benchmarks.Data;

/// <summary>Which rows of the table changes are about. The keys of one batch are distinct in each.</summary>
internal enum KeyDistribution
{
    /// <summary>All alike, and none again before all had their turn.</summary>
    Uniform,

    /// <summary>A few again and again, spread over the table: Zipf's law with exponent 0.99, as in YCSB.</summary>
    Zipf,

    /// <summary>The same law, with the last rows of the table as the most frequent.</summary>
    Latest,

    /// <summary>Evenly in the last hundredth of the table, as when only the last day changes.</summary>
    Clustered,
}
