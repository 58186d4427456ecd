using Lakehouse.Incremental.Delta.Actions;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>What a commit did to one data file: its states before and after, null where it was not in the table.</summary>
internal sealed record FileChange(string Path, AddFile? Before, AddFile? After);
