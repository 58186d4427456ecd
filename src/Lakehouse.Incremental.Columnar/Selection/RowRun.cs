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
        List<RowRun> runs = new(rows.Length);
        foreach (int row in rows)
        {
            Append(runs, row < 0 ? -1 : 0, Math.Max(row, 0));
        }

        return CollectionsMarshal.AsSpan(runs);
    }

    /// <summary>Rows of several sources.</summary>
    public static ReadOnlySpan<RowRun> Of(ReadOnlySpan<RowRef> rows)
    {
        List<RowRun> runs = new(rows.Length);
        foreach (RowRef row in rows)
        {
            Append(runs, row.Batch, row.Batch < 0 ? 0 : row.Row);
        }

        return CollectionsMarshal.AsSpan(runs);
    }

    /// <summary>The rows of one source that are kept.</summary>
    public static ReadOnlySpan<RowRun> Of(ReadOnlySpan<bool> keep)
    {
        List<RowRun> runs = [];
        for (int row = 0; row < keep.Length; row++)
        {
            if (keep[row])
            {
                Append(runs, 0, row);
            }
        }

        return CollectionsMarshal.AsSpan(runs);
    }

    public static int Rows(ReadOnlySpan<RowRun> runs)
    {
        int rows = 0;
        foreach (RowRun run in runs)
        {
            rows = checked(rows + run.Length);
        }

        return rows;
    }

    private static void Append(List<RowRun> runs, int batch, int row)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.Batch == batch && (batch < 0 || last.Start + last.Length == row))
        {
            runs[^1] = last with { Length = last.Length + 1 };
        }
        else
        {
            runs.Add(new RowRun(batch, row, 1));
        }
    }
}
