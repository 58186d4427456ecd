using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The pairs of target and source rows that match, by target row and then by source row.</summary>
internal sealed class MatchedPairs
{
    private readonly bool[] _target;

    private MatchedPairs(JoinedRows pairs, bool[] target) => (Rows, _target) = (pairs, target);

    public JoinedRows Rows { get; }

    /// <param name="merge">The statement.</param>
    /// <param name="target">Rows of the target.</param>
    /// <param name="values">Their values, as far as they are needed.</param>
    /// <param name="source">The source.</param>
    /// <param name="index">The source by key.</param>
    /// <param name="names">Names rows for which the rest of the condition has no result.</param>
    /// <param name="matchedSource">Is set for the rows of the source that match one of these; others may set it at the same time.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Long and rarely called, as in SourceIndex.
    public static MatchedPairs Of(
        BoundMerge merge, TargetMatches target, TargetValues values, RecordBatch source, SourceIndex index, RowNames names, bool[] matchedSource)
    {
        bool oneTells = merge.OneMatchTells;
        List<int> targetRows = new(target.Count);
        List<int> sourceRows = new(target.Count);
        ReadOnlySpan<int> firsts = target.Sources;
        for (int row = 0; row < firsts.Length; row++)
        {
            for (int match = firsts[row]; match >= 0; match = oneTells ? -1 : index.Next(match))
            {
                targetRows.Add(row);
                sourceRows.Add(match);
            }
        }

        JoinedRows pairs = JoinedRows.Pairs(merge.Sides, values, [.. targetRows], source, [.. sourceRows]);
        if (merge.On.Residual is { } residual && pairs.Count > 0)
        {
            bool[] holds = names.Run(pairs, part => part.Holds(residual));
            pairs = pairs.Pick(RowMarks.Positions(holds, marked: true));
        }

        bool[] matchedTarget = new bool[target.Count];
        (int[] targetOf, int[] sourceOf) = (pairs.TargetRows, pairs.SourceRows);
        for (int pair = 0; pair < targetOf.Length; pair++)
        {
            matchedTarget[targetOf[pair]] = true;

            // Where one pair stands for all of its key, a key that is marked is marked to its end, or someone is about to.
            for (int match = sourceOf[pair]; match >= 0 && !matchedSource[match]; match = oneTells ? index.Next(match) : -1)
            {
                matchedSource[match] = true;
            }
        }

        return new MatchedPairs(pairs, matchedTarget);
    }

    public bool HasTarget(int row) => _target[row];

    public int[] TargetRowsWithout => RowMarks.Positions(_target, marked: false);
}
