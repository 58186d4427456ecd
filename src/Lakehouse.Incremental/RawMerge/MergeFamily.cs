namespace Lakehouse.Incremental.RawMerge;

/// <summary>Which rows a clause is for.</summary>
internal enum MergeFamily
{
    /// <summary>Pairs of a target and a source row that match.</summary>
    Matched,

    /// <summary>Source rows without a match.</summary>
    NotMatched,

    /// <summary>Target rows without a match.</summary>
    NotMatchedBySource,
}
