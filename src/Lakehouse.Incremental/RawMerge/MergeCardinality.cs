using System.Globalization;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Refuses rows that do not tell one result (semantics 2.1, 2.35). Errors name keys, ordinals of source rows and counts.</summary>
internal sealed class MergeCardinality(string table, KeyRows source)
{
    private const int MaxSamples = 10;

    /// <summary>As <see cref="CheckOneSource(IEnumerable{ValueTuple{int, int}}, int)"/>, where clauses will take all pairs: there may be very many.</summary>
    public void CheckOneSource(TargetMatches target, SourceIndex index)
    {
        List<int> several = [];
        foreach (int source in target.Sources)
        {
            if (source >= 0 && index.Next(source) >= 0)
            {
                several.Add(source);
            }
        }

        if (several.Count > 0)
        {
            throw SeveralSources(several.Select(index.From), several.Count);
        }
    }

    /// <summary>A row of the target is changed by one row of the source at most.</summary>
    /// <param name="pairs">The pairs that clauses took.</param>
    /// <param name="targetRows">How many rows of the target there are.</param>
    public void CheckOneSource(IEnumerable<(int Target, int Source)> pairs, int targetRows)
    {
        bool[] seen = new bool[targetRows];
        if (pairs.All(pair => !seen[pair.Target] && (seen[pair.Target] = true)))
        {
            return;
        }

        IGrouping<int, (int Target, int Source)>[] several =
            [.. pairs.GroupBy(static pair => pair.Target).Where(static rows => rows.Skip(1).Any())];
        throw SeveralSources(several.Select(static rows => rows.Select(static pair => pair.Source)), several.Length);
    }

    /// <summary>A row of the source changes one row of the target at most, where keys are declared unique.</summary>
    /// <param name="pairs">The pairs that clauses took.</param>
    public void CheckOneTarget(IEnumerable<(int Target, int Source)> pairs)
    {
        HashSet<int> seen = [];
        if (pairs.All(pair => seen.Add(pair.Source)))
        {
            return;
        }

        IGrouping<int, (int Target, int Source)>[] several =
            [.. pairs.GroupBy(static pair => pair.Source).Where(static rows => rows.Skip(1).Any())];
        throw Error(
            ErrorCodes.TargetKeyNotUnique,
            several.Select(static rows => rows.Take(1).Select(static pair => pair.Source)),
            several.Length,
            static count => $"the keys were declared unique, but the target holds the keys of {count} source rows more than once");
    }

    /// <summary>A key is inserted once, where keys are declared unique.</summary>
    /// <param name="inserted">The source rows that are inserted.</param>
    public void CheckOneInsert(IEnumerable<int> inserted)
    {
        IGrouping<string, int>[] several =
        [
            .. inserted.Where(source.CanMatch).GroupBy(row => Convert.ToHexString(source[row]), StringComparer.Ordinal)
                .Where(static rows => rows.Skip(1).Any()),
        ];
        if (several.Length > 0)
        {
            throw Error(
                ErrorCodes.DuplicateInsertKey,
                several,
                several.Length,
                static count => $"the keys were declared unique, but {count} keys would be inserted by several source rows");
        }
    }

    private InvalidRowsException SeveralSources(IEnumerable<IEnumerable<int>> groups, int count) => Error(
        ErrorCodes.MultipleSourceRowsMatched,
        groups,
        count,
        static number => $"{number} target rows would each be changed by several source rows, so which one counts is not known");

    private InvalidRowsException Error(string code, IEnumerable<IEnumerable<int>> groups, int count, Func<string, string> what)
    {
        int[][] samples = [.. groups.Take(MaxSamples).Select(static rows => rows.Distinct().Order().ToArray())];
        string listed = string.Join("; ", samples.Select(rows => $"key {source.Text(rows[0])} ({Ordinals(rows)})"));
        string number = count.ToString("N0", CultureInfo.InvariantCulture);
        string more = samples.Length < count ? string.Create(CultureInfo.InvariantCulture, $"; {count - samples.Length} more") : "";
        return new InvalidRowsException(
            code,
            $"The merge into '{table}' is ambiguous: {what(number)}: {listed}{more}. Nothing was changed.")
        {
            Table = table,
            Count = count,
            SampleKeys = [.. samples.Select(rows => source.Text(rows[0]))],
        };
    }

    private static string Ordinals(int[] rows)
    {
        string listed = string.Join(", ", rows.Take(MaxSamples).Select(static row => row.ToString(CultureInfo.InvariantCulture)));
        return rows.Length == 1 ? $"source row {listed}"
            : rows.Length <= MaxSamples ? $"source rows {listed}"
            : string.Create(CultureInfo.InvariantCulture, $"source rows {listed} and {rows.Length - MaxSamples} more");
    }
}
