using System.Runtime.CompilerServices;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The rows that do not stay what they are.</summary>
internal sealed class LeavingRows
{
    private LeavingRows(int[] rows, int[] replaced, (int Update, int Position)[] by, IReadOnlyList<(int Target, int Source)> origins, bool keepsMatches)
    {
        Rows = rows;
        Replaced = replaced;
        By = by;
        Origins = origins;
        KeepsMatches = keepsMatches;
    }

    /// <summary>Rows that are deleted or replaced, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>Those of them that are replaced, ascending.</summary>
    public int[] Replaced { get; }

    /// <summary>For each row that is replaced the update that does it, and the row's position there.</summary>
    public IReadOnlyList<(int Update, int Position)> By { get; }

    /// <summary>For each row that is replaced it and the source row that did it, -1 for none.</summary>
    public IReadOnlyList<(int Target, int Source)> Origins { get; }

    /// <inheritdoc cref="FileOutcome.KeepsMatches"/>
    public bool KeepsMatches { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Long and rarely called, as in SourceIndex.
    public static LeavingRows Of(ResolvedRows resolved)
    {
        int count = resolved.Deleted.Length;
        int[] update = new int[count];
        int[] position = new int[count];
        System.Array.Fill(update, -1);
        for (int i = 0; i < resolved.Updates.Count; i++)
        {
            foreach (int changed in resolved.Updates[i].Where(changed: true))
            {
                int row = resolved.Updates[i].Rows.TargetRows[changed];
                (update[row], position[row]) = (i, changed);
            }
        }

        bool[] leaves = [.. resolved.Deleted];
        bool keeps = false;
        for (int row = 0; row < count; row++)
        {
            leaves[row] |= update[row] >= 0;
            keeps |= !leaves[row] && resolved.Pairs.HasTarget(row);
        }

        int[] rows = RowMarks.Positions(leaves, marked: true);
        int[] replaced = System.Array.FindAll(rows, row => update[row] >= 0);
        (int Update, int Position)[] by = System.Array.ConvertAll(replaced, row => (update[row], position[row]));
        (int Target, int Source)[] origins = System.Array.ConvertAll(by, at => Origin(resolved.Updates[at.Update], at.Position));
        return new LeavingRows(rows, replaced, by, origins, keeps);
    }

    private static (int Target, int Source) Origin(UpdatedRows update, int position) =>
        (update.Rows.TargetRows[position], update.Rows.SourceRows.Length == 0 ? -1 : update.Rows.SourceRows[position]);
}
