using System.Runtime.CompilerServices;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>Rows that are marked, as positions.</summary>
internal static class RowMarks
{
    /// <summary>The positions that have a mark, ascending, or those that have none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Long and rarely called, as in SourceIndex.
    public static int[] Positions(ReadOnlySpan<bool> marks, bool marked)
    {
        int[] positions = new int[marks.Count(marked)];
        int next = 0;
        for (int i = 0; next < positions.Length; i++)
        {
            if (marks[i] == marked)
            {
                positions[next++] = i;
            }
        }

        return positions;
    }
}
