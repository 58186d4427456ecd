namespace Lakehouse.Incremental.Merging;

/// <summary>The steps of a merge whose time is taken; see <see cref="MergeDurations"/>.</summary>
internal enum MergeStage
{
    Read,
    Sync,
    Normalize,
    Locate,
    Fetch,
    Resolve,
    SetApart,
    Write,
    Commit,
    Maintain,
}
