using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>Keeps the list of columns that statistics are kept for (<c>delta.dataSkippingStatsColumns</c>) in step with the names of the columns.</summary>
internal static class StatisticsNames
{
    /// <param name="properties">The table properties.</param>
    /// <param name="path">The column that is renamed or dropped.</param>
    /// <param name="newName">Its new name; null when it is dropped.</param>
    public static IReadOnlyDictionary<string, string> After(IReadOnlyDictionary<string, string> properties, IReadOnlyList<string> path, string? newName)
    {
        if (!properties.TryGetValue(TableProperties.DataSkippingStatsColumnsKey, out string? list))
        {
            return properties;
        }

        List<string> names = [];
        foreach (string entry in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            IReadOnlyList<string> parts = ColumnPath.Parse(entry);
            bool isWithin = parts.Count >= path.Count && parts.Take(path.Count).SequenceEqual(path, StringComparer.OrdinalIgnoreCase);
            if (!isWithin)
            {
                names.Add(entry);
            }
            else if (newName is not null)
            {
                names.Add(string.Join('.', parts.Select((part, i) => Quoted(i == path.Count - 1 ? newName : part))));
            }
        }

        Dictionary<string, string> changed = new(properties, StringComparer.Ordinal);
        changed.Remove(TableProperties.DataSkippingStatsColumnsKey);
        if (names.Count > 0)
        {
            changed.Add(TableProperties.DataSkippingStatsColumnsKey, string.Join(',', names));
        }

        return changed;
    }

    private static string Quoted(string name) =>
        name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
