namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What a transaction that lost a race must not have missed. The names are those of the log.</summary>
internal enum IsolationLevel
{
    /// <summary>The commits have the effect of some serial order, which is that of their versions.</summary>
    Serializable,

    /// <summary>
    /// The commits that change or delete rows have the effect of a serial order; blind appends may stand elsewhere in it than their versions say.
    /// </summary>
    WriteSerializable,

    /// <summary>For commits that change no row: appends of others do not matter.</summary>
    SnapshotIsolation,
}
