using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>Chooses which files become one. The same files always give the same groups.</summary>
internal static class FilePacking
{
    /// <summary>The files to rewrite, in groups of one partition each.</summary>
    public static List<IReadOnlyList<AddFile>> Pack(Snapshot snapshot, OptimizeOptions options, long maxRows)
    {
        FilterPruner? pruner = options.Filter is { } filter ? new FilterPruner(filter, snapshot) : null;
        List<IReadOnlyList<AddFile>> groups = [];
        IEnumerable<IGrouping<string, AddFile>> partitions = snapshot.Files
            .Where(file => pruner is null || !pruner.CanSkip(file))
            .GroupBy(static file => file.PartitionKey, StringComparer.Ordinal)
            .OrderBy(static partition => partition.Key, StringComparer.Ordinal);
        foreach (IGrouping<string, AddFile> partition in partitions)
        {
            PackPartition(partition, options, maxRows, groups);
        }

        return groups;
    }

    private static void PackPartition(IEnumerable<AddFile> files, OptimizeOptions options, long maxRows, List<IReadOnlyList<AddFile>> groups)
    {
        List<AddFile> open = [];
        bool openIsDue = false;
        long bytes = 0;
        long rows = 0;
        foreach (Candidate file in files.Select(Candidate.Of).OrderBy(static file => file.Bytes).ThenBy(static file => file.File.Path, StringComparer.Ordinal))
        {
            bool isDue = file.DeletedShare > options.MaxDeletedShare;
            if (file.Bytes >= options.TargetFileSize && !isDue)
            {
                continue;
            }

            if (open.Count > 0 && (bytes + file.Bytes > options.TargetFileSize || rows + file.Rows > maxRows))
            {
                Close();
            }

            open.Add(file.File);
            openIsDue |= isDue;
            bytes += file.Bytes;
            rows += file.Rows;
        }

        Close();

        void Close()
        {
            if (open.Count > 1 || openIsDue)
            {
                groups.Add([.. open.OrderBy(static file => file.Path, StringComparer.Ordinal)]);
            }

            open = [];
            openIsDue = false;
            (bytes, rows) = (0, 0);
        }
    }

    /// <summary>A file with what will be left of it; rows are 0 when its statistics do not tell.</summary>
    private readonly record struct Candidate(AddFile File, long Bytes, long Rows, double DeletedShare)
    {
        public static Candidate Of(AddFile file)
        {
            long deleted = file.DeletionVector?.Cardinality ?? 0;
            if (StatisticsJson.NumRecords(file.Stats) is not { } physical || physical < deleted)
            {
                return new Candidate(file, file.Size, 0, deleted > 0 ? 1 : 0);
            }

            double share = physical == 0 ? 0 : deleted / (double)physical;
            return new Candidate(file, (long)(file.Size * (1 - share)), physical - deleted, share);
        }
    }
}
