using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public sealed class ColumnDifferenceTests
{
    private static readonly Gen<(GenArray Left, GenArray Right)> s_pairs =
        from type in ArrowGen.Type(2)
        from left in ArrowGen.Array(type, 6)
        from right in ArrowGen.Array(type, 6)
        select (left, right);

    [Fact]
    public void Cells_differ_where_digests_of_rows_would() =>
        s_pairs.Sample(
            pair =>
            {
                int[] all = [.. Enumerable.Range(0, pair.Right.Array.Length)];
                for (int i = 0; i < pair.Left.Array.Length; i++)
                {
                    bool[] differs = new bool[all.Length];
                    ColumnDifference.Mark(pair.Left.Array, [.. all.Select(_ => i)], pair.Right.Array, all, differs);
                    differs.Should().Equal(all.Select(j => !RowEquality.Equal(pair.Left.Array, i, pair.Right.Array, j)));
                }
            },
            iter: 600,
            print: pair => $"{pair.Left} and {pair.Right}");

    [Fact]
    public void A_row_that_is_marked_stays_marked()
    {
        Int32Array numbers = new Int32Array.Builder().AppendRange([1, 2, 3]).Build();
        bool[] differs = [true, false, false];

        ColumnDifference.Mark(numbers, [0, 1, 2], numbers, [0, 1, 0], differs);

        differs.Should().Equal(true, false, true);
    }

    [Fact]
    public void Arrays_of_two_types_are_refused()
    {
        Int32Array numbers = new Int32Array.Builder().Append(1).Build();

        Action mark = () => ColumnDifference.Mark(numbers, [0], NullArrays.Create(StringType.Default, 1), [0], new bool[1]);

        mark.Should().Throw<ArgumentException>();
    }
}
