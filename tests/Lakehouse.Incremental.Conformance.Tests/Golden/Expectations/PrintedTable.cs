using System.Globalization;
using System.Text.RegularExpressions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>A table printed with borders of <c>+---+</c>, and what the line of its origin before it tells.</summary>
internal sealed partial class PrintedTable
{
    private PrintedTable(string origin, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        Origin = origin;
        Columns = columns;
        Rows = rows;
    }

    /// <summary>The lines before the table.</summary>
    public string Origin { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    public bool IsChanges => Columns.Contains("_change_type");

    /// <summary>
    /// The versions whose changes are printed: those of the call that the origin names, else from the first version that is printed; to the given
    /// latest version when no end is named.
    /// </summary>
    public (long From, long To) Versions(long latest)
    {
        Match call = Call().Match(Origin);
        if (call.Success)
        {
            return (long.Parse(call.Groups["from"].Value, CultureInfo.InvariantCulture),
                long.TryParse(call.Groups["to"].Value, CultureInfo.InvariantCulture, out long to) ? to : latest);
        }

        int column = Columns.ToList().IndexOf("_commit_version");
        return (Rows.Select(row => long.Parse(row[column], CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Min(), latest);
    }

    public static PrintedTable Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        int border = Array.FindIndex(lines, line => line.StartsWith('+'));
        if (border < 0)
        {
            throw new InvalidDataException($"'{file}' holds no printed table.");
        }

        int[] edges = [.. Enumerable.Range(0, lines[border].Length).Where(i => lines[border][i] == '+')];
        List<IReadOnlyList<string>> rows = [.. lines.Skip(border).Where(line => line.StartsWith('|')).Select(line => Cells(line, edges))];
        return new PrintedTable(string.Join('\n', lines[..border]), rows[0], rows[1..]);
    }

    /// <summary>By the borders, as cells may hold bars; by the bars where wide characters move the borders.</summary>
    private static IReadOnlyList<string> Cells(string line, int[] edges) =>
        line.Length == edges[^1] + 1 && edges.All(edge => line[edge] == '|')
            ? [.. edges.Zip(edges.Skip(1), (left, right) => Cell(line[(left + 1)..right]))]
            : [.. line.Split('|')[1..^1].Select(Cell)];

    private static string Cell(string padded) => padded[1..].TrimEnd(' ');

    [GeneratedRegex(@"\(\s*""[^""]*""\s*,\s*(?<from>\d+)\s*,\s*(Some\()?(?<to>\d+|None)", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
