using System.Globalization;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>
/// Names the rows that an error is about: what calculates and checks values knows how many they are, but not which. They are found by trying parts,
/// so that only an error costs time.
/// </summary>
/// <param name="table">The table, for messages.</param>
/// <param name="merge">The statement.</param>
/// <param name="target">The rows of the target it looks at; null when rows are not named, because there may be more elsewhere.</param>
/// <param name="source">The keys of the source; null when they are what failed.</param>
internal sealed class RowNames(string table, BoundMerge merge, TargetValues? target, KeyRows? source)
{
    private const int MaxSamples = 10;

    /// <summary>Does something with rows.</summary>
    /// <exception cref="InvalidRowsException">It is not possible for some of them, which are named.</exception>
    public T Run<T>(JoinedRows rows, Func<JoinedRows, T> work)
    {
        try
        {
            return work(rows);
        }
        catch (InvalidRowsException error) when (target is not null)
        {
            throw Named(error, rows.Origins, part => work(rows.Pick(part)));
        }
    }

    /// <summary>The same error with the names of its rows; the error itself when it is about no row.</summary>
    /// <param name="error">The error.</param>
    /// <param name="origins">The target and the source row of each row, -1 for none.</param>
    /// <param name="attempt">Does with some of the rows what failed for all.</param>
    public InvalidRowsException Named(InvalidRowsException error, IReadOnlyList<(int Target, int Source)> origins, Action<int[]> attempt)
    {
        List<int> rows = [];
        if (target is not null && !Fails(attempt, []))
        {
            Find(attempt, JoinedRows.All(origins.Count), rows);
        }

        if (rows.Count == 0)
        {
            return error;
        }

        string?[] keys = [.. rows.Select(row => Key(origins[row]))];
        string listed = string.Join("; ", keys.Select((key, i) => Name(key, origins[rows[i]].Source)));
        long? count = error.Count ?? (rows.Count < MaxSamples ? rows.Count : null);
        string more = count > rows.Count ? " and more" : "";
        return new InvalidRowsException(error.ErrorCode, $"{error.Message} The merge into '{table}' fails at {listed}{more}.", error)
        {
            Table = table,
            Count = count,
            SampleKeys = [.. keys.OfType<string>()],
        };
    }

    private static void Find(Action<int[]> attempt, int[] rows, List<int> found)
    {
        if (rows.Length == 0 || found.Count == MaxSamples || !Fails(attempt, rows))
        {
            return;
        }

        if (rows.Length == 1)
        {
            found.Add(rows[0]);
            return;
        }

        Find(attempt, rows[..(rows.Length / 2)], found);
        Find(attempt, rows[(rows.Length / 2)..], found);
    }

    private static bool Fails(Action<int[]> attempt, int[] rows)
    {
        try
        {
            attempt(rows);
            return false;
        }
        catch (InvalidRowsException)
        {
            return true;
        }
    }

    private static string Name(string? key, int source)
    {
        string ordinal = source < 0 ? "no source row" : string.Create(CultureInfo.InvariantCulture, $"source row {source}");
        return key is null ? ordinal : $"key {key} ({ordinal})";
    }

    private string? Key((int Target, int Source) origin) => origin.Source >= 0
        ? source?.Text(origin.Source)
        : KeyRows.Of(merge.On.Keys, JoinedRows.OfTarget(merge.Sides, target!, [origin.Target]), ofTarget: true).Text(0);
}
