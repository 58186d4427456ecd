namespace Lakehouse.Incremental.RawMerge;

/// <summary>What a clause does with a row.</summary>
internal enum MergeAction
{
    Update,
    Delete,
    Insert,
}
