using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>Files of one partition, in order of their paths, and the files that were written in their place, with their live rows in that order.</summary>
internal sealed record FileGroup(IReadOnlyList<MovedFile> Sources, IReadOnlyList<AddFile> Written)
{
    public IEnumerable<AddFile> Files => Sources.Select(static source => source.File);

    /// <summary>Whether the files still are what was read, so that what was written still says the same.</summary>
    public bool HoldsIn(Snapshot snapshot) => Files.All(file =>
        snapshot.TryGetFile(LogicalFile.PathKey(file.Path), out AddFile? live)
        && string.Equals(live.DeletionVector?.UniqueId, file.DeletionVector?.UniqueId, StringComparison.Ordinal));
}
