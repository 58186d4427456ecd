using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Where a file of the log lies: in the table itself, or, for an absolute path (a shallow clone has such), in one of the folders the host allows.
/// </summary>
internal sealed class FileLocator
{
    private readonly ITableStorage _table;
    private readonly List<(string Prefix, LocalTableStorage Storage)> _roots = [];

    /// <param name="table">Where the table lies.</param>
    /// <param name="allowedRoots">Absolute folders of this machine outside of which no absolute path is followed.</param>
    public FileLocator(ITableStorage table, IReadOnlyList<string> allowedRoots)
    {
        _table = table;
        foreach (string root in allowedRoots)
        {
            LocalTableStorage storage = new(root);
            _roots.Add((Prefix(storage.Name), storage));
        }
    }

    public ITableStorage Table => _table;

    /// <summary>The storage and the path on it of a path in the log.</summary>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.PathNotAllowed"/>: it lies in none of the places that may be read.</exception>
    public (ITableStorage Storage, string Path) Locate(string logPath)
    {
        if (DataFilePath.TryAbsolute(logPath) is not { } absolute)
        {
            return (_table, DataFilePath.Decode(logPath));
        }

        if (_table is LocalTableStorage local && absolute.StartsWith(Prefix(local.Name), StringComparison.Ordinal))
        {
            return (_table, absolute[Prefix(local.Name).Length..]);
        }

        foreach ((string prefix, LocalTableStorage storage) in _roots)
        {
            if (absolute.StartsWith(prefix, StringComparison.Ordinal))
            {
                return (storage, absolute[prefix.Length..]);
            }
        }

        throw new LakehouseException(
            ErrorCodes.PathNotAllowed, $"The path '{logPath}' in the log of '{_table.Name}' is absolute and lies in no folder that may be read.")
        {
            Table = _table.Name,
        };
    }

    private static string Prefix(string root) => root.Replace('\\', '/').TrimEnd('/') + "/";
}
