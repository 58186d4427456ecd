namespace Lakehouse.Incremental.Merging;

/// <summary>Type 2: which rows of a key show a change of untracked columns (semantics 2.16).</summary>
public enum UntrackedScope
{
    /// <summary>The row that is current when the change holds.</summary>
    CurrentRun,

    /// <summary>All rows of the key: its latest values (type 1 on type 2, in Kimball's words).</summary>
    AllVersions,
}
