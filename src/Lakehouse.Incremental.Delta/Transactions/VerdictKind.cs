namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a commit that came first means for a transaction that wanted the same version.</summary>
internal enum VerdictKind
{
    /// <summary>Nothing: the plan holds and may become the next version.</summary>
    NoConflict,

    /// <summary>Both marked rows in one file, or one marked rows that the other moved: the plan holds once it is fitted to the marks.</summary>
    RebaseRows,

    /// <summary>The winner changed what readers or writers must support, in a way that concerns this transaction.</summary>
    ProtocolChanged,

    /// <summary>The winner changed schema, partitioning or properties in a way that concerns this transaction.</summary>
    MetadataChanged,

    /// <summary>Both set the metadata of one domain.</summary>
    ConcurrentDomain,

    /// <summary>Both are transactions of one application.</summary>
    ConcurrentTransaction,

    /// <summary>The winner added rows that this transaction would have read.</summary>
    ConcurrentAppend,

    /// <summary>The winner removed a file, or rows, that this transaction read.</summary>
    ConcurrentDeleteRead,

    /// <summary>Both removed the same file, or the same rows of it.</summary>
    ConcurrentDeleteDelete,

    /// <summary>The log does not hold the winner's commit any more.</summary>
    WinnerUnknown,
}
