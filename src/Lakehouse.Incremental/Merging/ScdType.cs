namespace Lakehouse.Incremental.Merging;

/// <summary>How a merge flow keeps a key whose values change (slowly changing dimension types).</summary>
public enum ScdType
{
    /// <summary>One row per key: the latest values.</summary>
    Type1 = 1,

    /// <summary>One row per key and period: the whole history, with start and end of each period.</summary>
    Type2 = 2,
}
