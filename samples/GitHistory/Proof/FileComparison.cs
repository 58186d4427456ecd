using System.Globalization;

namespace GitHistory.Proof;

/// <summary>Compares the rows of a table with the files of a tree: same paths, each once, with the same mode, blob and size.</summary>
internal static class FileComparison
{
    /// <summary>The first difference, or null when there is none.</summary>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="truth">Files of the tree by path.</param>
    public static string? Difference(IEnumerable<FileRow> rows, IReadOnlyDictionary<string, FileRow> truth)
    {
        HashSet<string> seen = new(truth.Count, StringComparer.Ordinal);
        foreach (FileRow row in rows)
        {
            if (!seen.Add(row.Path))
            {
                return $"{row.Path} is there twice";
            }

            if (!truth.TryGetValue(row.Path, out FileRow expected))
            {
                return $"{row.Path} is not in the tree";
            }

            if (row != expected)
            {
                return $"{row.Path} is {Text(row)}, not {Text(expected)}";
            }
        }

        return seen.Count == truth.Count ? null : $"{truth.Keys.First(path => !seen.Contains(path))} is missing";
    }

    private static string Text(FileRow row) =>
        $"{row.Mode ?? "null"} {row.BlobId ?? "null"} {row.Size?.ToString(CultureInfo.InvariantCulture) ?? "null"}";
}
