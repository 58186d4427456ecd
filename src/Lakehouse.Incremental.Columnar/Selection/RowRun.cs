using System.Runtime.InteropServices;

namespace Lakehouse.Incremental.Columnar;

/// <summary>Consecutive rows of one of several sources: what the selection kernels copy at a time.</summary>
/// <param name="Batch">Position in the list of sources; -1 stands for rows of nulls.</param>
/// <param name="Start">First row.</param>
/// <param name="Length">Number of rows.</param>
internal readonly record struct RowRun(int Batch, int Start, int Length)
{
    /// <summary>All rows of each source, one source after the other.</summary>
    public static RowRun[] All(IReadOnlyList<int> lengths)
    {
        List<RowRun> runs = new(lengths.Count);
        for (int i = 0; i < lengths.Count; i++)
        {
            if (lengths[i] > 0)
            {
                runs.Add(new RowRun(i, 0, lengths[i]));
            }
        }

        return [.. runs];
    }

    /// <summary>The rows of one source, -1 for nulls.</summary>
    public static ReadOnlySpan<RowRun> Of(ReadOnlySpan<int> rows)
    {
        RowRun[] runs = new RowRun[rows.Length];
        int count = 0;
        foreach (int row in rows)
        {
            count = Append(runs, count, row < 0 ? -1 : 0, row);
        }

        return runs.AsSpan(0, count);
    }

    /// <summary>Rows of several sources.</summary>
    public static ReadOnlySpan<RowRun> Of(ReadOnlySpan<RowRef> rows)
    {
        RowRun[] runs = new RowRun[rows.Length];
        int count = 0;
        foreach (RowRef row in rows)
        {
            count = Append(runs, count, row.Batch, row.Row);
        }

        return runs.AsSpan(0, count);
    }

    /// <summary>The rows of one source that are kept.</summary>
    public static ReadOnlySpan<RowRun> Of(ReadOnlySpan<bool> keep)
    {
        List<RowRun> runs = [];
        int row = 0;
        while (keep[row..].IndexOf(true) is var skip && skip >= 0)
        {
            row += skip;
            int length = keep[row..].IndexOf(false) is var end && end >= 0 ? end : keep.Length - row;
            runs.Add(new RowRun(0, row, length));
            row += length;
        }

        return CollectionsMarshal.AsSpan(runs);
    }

    /// <summary>Number of rows in all runs.</summary>
    public static int Rows(ReadOnlySpan<RowRun> runs)
    {
        int rows = 0;
        foreach (RowRun run in runs)
        {
            rows = checked(rows + run.Length);
        }

        return rows;
    }

    /// <summary>Adds a row to the last run if it follows on it, or else as a run of its own.</summary>
    private static int Append(RowRun[] runs, int count, int batch, int row)
    {
        if (count > 0)
        {
            ref RowRun last = ref runs[count - 1];
            if (last.Batch == batch && (batch < 0 || last.Start + last.Length == row))
            {
                last = new RowRun(batch, last.Start, last.Length + 1);
                return count;
            }
        }

        runs[count] = new RowRun(batch, batch < 0 ? 0 : row, 1);
        return count + 1;
    }
}
