namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>What is done to the tables between deliveries: none of it may show in the rows.</summary>
internal enum Upkeep
{
    None,

    /// <summary>Small files are joined.</summary>
    Optimize,

    /// <summary>The log is summed up.</summary>
    Checkpoint,

    /// <summary>Files that no current row needs are deleted, and older versions with them.</summary>
    Vacuum,

    /// <summary>Somebody who knows nothing of flows writes all rows into other files.</summary>
    ForeignRewrite,

    /// <summary>Another process goes on.</summary>
    Reopen,

    /// <summary>Somebody commits what concerns no row: a property of the table, and notes of their own.</summary>
    ForeignNote,

    /// <summary>Somebody overwrites the table with the rows it has.</summary>
    ForeignOverwrite,

    /// <summary>From now on files are rewritten; deletion vectors that are there stay.</summary>
    NoMoreDeletionVectors,
}
