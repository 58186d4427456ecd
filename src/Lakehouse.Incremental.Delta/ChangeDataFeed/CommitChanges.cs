using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.ChangeDataFeed;

/// <summary>
/// Where the changed rows of one commit are found: in its change data files when it has any, else in the data files that came, went, or got another
/// deletion vector.
/// </summary>
internal sealed record CommitChanges(IReadOnlyList<AddCdcFile> ChangeFiles, IReadOnlyList<FileChange> DataFiles)
{
    /// <summary>Whether removals leave out the partition values of their files, as older writers do.</summary>
    public static bool NeedsBefore(IReadOnlyList<DeltaAction> actions, Snapshot definition) =>
        definition.PartitionColumns.Count > 0 && actions.Any(static action => action is RemoveFile { DataChange: true, PartitionValues: null });

    /// <param name="actions">The actions of the commit.</param>
    /// <param name="before">The version before; null when it is not needed or not there.</param>
    public static CommitChanges Of(IReadOnlyList<DeltaAction> actions, Snapshot? before)
    {
        // A file named twice holds its changes once, as with data files.
        AddCdcFile[] changeFiles =
        [
            .. actions.OfType<AddCdcFile>().DistinctBy(static file => LogicalFile.PathKey(file.Path), StringComparer.Ordinal)
                .OrderBy(static file => file.Path, StringComparer.Ordinal),
        ];
        if (changeFiles.Length > 0)
        {
            return new CommitChanges(changeFiles, []);
        }

        SortedDictionary<string, FileChange> changes = new(StringComparer.Ordinal);
        foreach (RemoveFile remove in actions.OfType<RemoveFile>().Where(static remove => remove.DataChange))
        {
            string path = LogicalFile.PathKey(remove.Path);
            changes[path] = new FileChange(path, Describe(remove, path, before), null);
        }

        foreach (AddFile add in actions.OfType<AddFile>().Where(static add => add.DataChange))
        {
            string path = LogicalFile.PathKey(add.Path);
            changes[path] = changes.TryGetValue(path, out FileChange? former) ? former with { After = add } : new FileChange(path, null, add);
        }

        return new CommitChanges([], [.. changes.Values]);
    }

    // Older writers leave out what describes a removed file; the version before it still knows.
    private static AddFile Describe(RemoveFile remove, string path, Snapshot? before)
    {
        if (remove.PartitionValues is null && before is not null && before.TryGetFile(path, out AddFile? live))
        {
            return live;
        }

        return new AddFile
        {
            Path = remove.Path,
            PartitionValues = remove.PartitionValues ?? new Dictionary<string, string?>(),
            Size = remove.Size ?? 0,
            ModificationTime = 0,
            DataChange = true,
            DeletionVector = remove.DeletionVector,
        };
    }
}
