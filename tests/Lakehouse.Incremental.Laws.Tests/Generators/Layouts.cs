using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Columns of any types, and rules.</summary>
internal static class Layouts
{
    private static readonly ColumnType[] Types = Enum.GetValues<ColumnType>();

    private static readonly ColumnType[] SequenceTypes = [.. Types.Except([ColumnType.Boolean])];

    /// <summary>Rules that mean the same for both types.</summary>
    public static Gen<Layout> OfBothTypes =>
        from keys in Columns("k", Types, 1, 2)
        from sequence in Columns("s", SequenceTypes, 1, 2)
        from isStruct in Gen.Int[0, 3]
        from nulls in Gen.Int[0, 2].Array[sequence.Length]
        from values in Columns("v", Types, 1, 4)
        from tracked in Gen.Bool.Array[values.Length]
        from deletes in Gen.Int[0, 2]
        from deleteWinsTies in Gen.Bool
        from allVersions in Gen.Int[0, 3]
        from changesKeys in Gen.Int[0, 3]
        select new Layout(keys, sequence, values, tracked)
        {
            Deletes = (DeleteRule)deletes,
            DeleteWinsTies = deleteWinsTies,
            AllVersions = allVersions == 3,
            ChangesKeys = changesKeys == 3,
            StructSequence = isStruct == 3,
            NullsFirst = isStruct == 3 || sequence.Length > 1 ? [.. nulls.Select(n => n == 2)] : [],
        };

    /// <summary>Rules of type 2: every third of them says apart from the sequence from when on a row holds.</summary>
    public static Gen<Layout> OfType2 =>
        from layout in OfBothTypes
        from dated in Gen.Int[0, 2]
        from effective in Columns("e", SequenceTypes, 1, 2)
        select dated == 2 ? layout with { Effective = effective } : layout;

    /// <summary>Rules of type 1: every third of them has groups.</summary>
    public static Gen<Layout> OfType1 =>
        from layout in OfBothTypes
        from grouped in Gen.Int[0, 2]
        from groupOf in Gen.Int[-1, 1].Array[layout.Values.Length]
        from first in Columns("g", SequenceTypes, 1, 2)
        from second in Columns("h", SequenceTypes, 1, 1)
        select grouped == 2 ? WithGroups(layout, groupOf, [first, second]) : layout;

    public static Gen<Column[]> Columns(string prefix, ColumnType[] types, int least, int most) =>
        Gen.Int[0, types.Length - 1].Array[least, most].Select(chosen => chosen.Select((t, i) => new Column($"{prefix}{i}", types[t])).ToArray());

    private static Layout WithGroups(Layout layout, int[] groupOf, Column[][] sequences)
    {
        for (int group = 0; group < sequences.Length; group++)
        {
            int[] columns = [.. Enumerable.Range(0, groupOf.Length).Where(i => groupOf[i] == group)];
            if (columns.Length > 0)
            {
                Column[] clock = sequences[group];
                layout = layout with
                {
                    NullsFirst = [],
                    Groups = [.. layout.Groups, new ColumnGroup([.. Enumerable.Range(layout.Values.Length, clock.Length)], columns)],
                    Values = [.. layout.Values, .. clock],
                    Tracked = [.. layout.Tracked, .. clock.Select(_ => true)],
                };
            }
        }

        return layout;
    }
}
