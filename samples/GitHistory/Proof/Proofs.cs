using System.Globalization;

namespace GitHistory.Proof;

/// <summary>What the tables must satisfy, as functions of rows and truth that know neither git nor Delta.</summary>
internal static class Proofs
{
    /// <summary>Silver holds exactly the files of the last commit.</summary>
    public static ProofResult Silver(IEnumerable<FileRow> rows, IReadOnlyDictionary<string, FileRow> truth)
    {
        string? difference = FileComparison.Difference(rows, truth);
        return new ProofResult(
            "silver/files = ls-tree",
            difference is null,
            difference ?? string.Create(CultureInfo.InvariantCulture, $"{truth.Count:N0} paths, modes, blobs, sizes"));
    }

    /// <summary>The history as of one commit holds exactly the files of that commit.</summary>
    /// <returns>The first difference, or null.</returns>
    public static string? HistoryAt(IEnumerable<HistoryRow> rows, long sequence, IReadOnlyDictionary<string, FileRow> truth) =>
        FileComparison.Difference(rows.Where(r => r.IsValidAt(sequence)).Select(r => r.File), truth) is { } difference
            ? string.Create(CultureInfo.InvariantCulture, $"commit {sequence}: {difference}")
            : null;

    /// <summary>The first history row that contradicts itself, or null.</summary>
    public static string? HistoryShape(IEnumerable<HistoryRow> rows)
    {
        foreach (HistoryRow row in rows)
        {
            if (row.End <= row.Start || row.IsCurrent != row.End is null)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"{row.File.Path} has a span from {row.Start} to {row.End}, current: {row.IsCurrent}");
            }
        }

        return null;
    }

    /// <summary>Gold holds what a recount of the files yields.</summary>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="recount">Directories counted anew.</param>
    public static ProofResult Gold(IEnumerable<DirectoryRow> rows, IReadOnlyCollection<DirectoryRow> recount)
    {
        Dictionary<string, DirectoryRow> expected = recount.ToDictionary(d => d.Directory, StringComparer.Ordinal);
        string? difference = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (DirectoryRow row in rows)
        {
            difference ??= !seen.Add(row.Directory) ? $"{row.Directory} is there twice"
                : !expected.TryGetValue(row.Directory, out DirectoryRow count) ? $"{row.Directory} is not in the tree"
                : row != count ? $"{row.Directory} is {Text(row)}, not {Text(count)}"
                : null;
        }

        difference ??= expected.Keys.FirstOrDefault(d => !seen.Contains(d)) is { } missing ? $"{missing} is missing" : null;
        return new ProofResult(
            "gold/by_directory = a recount",
            difference is null,
            difference ?? string.Create(CultureInfo.InvariantCulture, $"{expected.Count:N0} dirs: files, bytes, largest"));
    }

    /// <summary>Counts the directories of a tree.</summary>
    public static IReadOnlyCollection<DirectoryRow> Recount(IEnumerable<(string Directory, FileRow File)> files) =>
        [.. files.GroupBy(f => f.Directory, f => f.File.Size, StringComparer.Ordinal).Select(group => new DirectoryRow(
            group.Key,
            group.LongCount(),
            group.Any(size => size is not null) ? group.Sum() : null,
            group.Max()))];

    /// <summary>Commits spread evenly over a range of sequence numbers 1..count, the first and the last included.</summary>
    public static IReadOnlyList<long> Checkpoints(int count, int wanted) => count <= wanted
        ? [.. Enumerable.Range(1, count).Select(n => (long)n)]
        : [.. Enumerable.Range(0, wanted).Select(i => 1 + ((long)i * (count - 1) / (wanted - 1)))];

    private static string Text(DirectoryRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Files} files, {row.Bytes} bytes, largest {row.Largest}");
}
