using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>The files below a table's root that a vacuum may delete if no version needs them (protocol notes, section 17).</summary>
internal static class VacuumCandidates
{
    private static readonly string[] s_shown = ["_change_data", "_delta_index", "_incremental"];

    /// <summary>Files older than the cutoff, in ordinal order: no hidden ones, and none of a table that lies in a folder of this one.</summary>
    public static async Task<List<StoredFile>> FindAsync(
        ITableStorage storage, IReadOnlyList<string> partitionColumns, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        List<StoredFile> files = [];
        List<string> tables = [];
        await foreach (StoredFile file in storage.ListAsync("", null, cancellationToken).ConfigureAwait(false))
        {
            int log = file.Path.IndexOf("/" + LogPaths.Directory + "/", StringComparison.Ordinal);
            if (log >= 0)
            {
                tables.Add(file.Path[..(log + 1)]);
            }
            else if (file.Modified < cutoff && !IsHidden(file.Path, partitionColumns))
            {
                files.Add(file);
            }
        }

        tables = [.. tables.Distinct(StringComparer.Ordinal)];
        files.RemoveAll(file => tables.Exists(table => file.Path.StartsWith(table, StringComparison.Ordinal)));
        return files;
    }

    /// <summary>Whether a part of a relative path begins with an underscore or a dot and is none of those that belong to the table.</summary>
    public static bool IsHidden(string path, IReadOnlyList<string> partitionColumns) => path.Split('/').Any(name =>
        name.Length > 0 && name[0] is '_' or '.'
        && !s_shown.Contains(name, StringComparer.Ordinal)
        && !partitionColumns.Any(column => name.StartsWith(column + "=", StringComparison.Ordinal)));
}
