using Apache.Arrow;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The pairs of target and source rows that match, by target row and then by source row.</summary>
internal sealed class MatchedPairs
{
    private readonly bool[] _target;
    private readonly bool[] _source;

    private MatchedPairs(JoinedRows pairs, bool[] target, bool[] source) => (Rows, _target, _source) = (pairs, target, source);

    public JoinedRows Rows { get; }

    public static MatchedPairs Of(
        BoundMerge merge, TargetMatches target, IReadOnlyList<IArrowArray?> targetColumns, MergeSource source, SourceIndex index, RowNames names)
    {
        List<int> targetRows = [];
        List<int> sourceRows = [];
        bool[] matchedSource = new bool[source.Rows.Length];
        for (int row = 0; row < target.Rows.Count; row++)
        {
            int first = target.Rows[row].Source;
            if (merge.OneMatchTells && first >= 0)
            {
                targetRows.Add(row);
                sourceRows.Add(first);
                for (int match = first; match >= 0 && !matchedSource[match]; match = index.Next(match))
                {
                    matchedSource[match] = true;
                }

                continue;
            }

            for (int match = first; match >= 0; match = index.Next(match))
            {
                targetRows.Add(row);
                sourceRows.Add(match);
            }
        }

        JoinedRows pairs = JoinedRows.Pairs(merge.Sides, targetColumns, [.. targetRows], [.. source.Rows.Arrays], [.. sourceRows]);
        if (merge.On.Residual is { } residual && pairs.Count > 0)
        {
            bool[] holds = names.Run(pairs, part => part.Holds(residual));
            pairs = pairs.Pick([.. Enumerable.Range(0, holds.Length).Where(pair => holds[pair])]);
        }

        bool[] matchedTarget = new bool[target.Rows.Count];
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            matchedTarget[pairs.TargetRows[pair]] = true;
            matchedSource[pairs.SourceRows[pair]] = true;
        }

        return new MatchedPairs(pairs, matchedTarget, matchedSource);
    }

    public bool HasTarget(int row) => _target[row];

    public int[] TargetRowsWithout => [.. Enumerable.Range(0, _target.Length).Where(row => !_target[row])];

    public int[] SourceRowsWithout => [.. Enumerable.Range(0, _source.Length).Where(row => !_source[row])];
}
