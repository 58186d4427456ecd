using CsCheck;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Tests.DeletionVectors;

public class DeletionVectorTests
{
    // Positions that crowd into a few blocks, so that arrays, bitmaps and block borders all come up.
    private static readonly Gen<long[]> Rows = Gen.OneOf(
        Gen.Long[0, 200_000].Array[0, 60],
        Gen.Long[0, 70_000].Array[4000, 9000],
        Gen.Select(Gen.Long[0, 3], Gen.Long[0, 70_000], static (high, low) => (high << 32) + low).Array[0, 60]);

    [Fact]
    public void Behaves_as_a_set()
    {
        Gen.Select(Rows, Rows).Sample(
            static (a, b) =>
            {
                SortedSet<long> left = [.. a];
                SortedSet<long> right = [.. b];
                DeletionVector x = DeletionVector.Of(a);
                DeletionVector y = DeletionVector.Of(b);

                x.Rows.Should().Equal(left);
                x.Cardinality.Should().Be(left.Count);
                x.LastRow.Should().Be(left.Count == 0 ? -1 : left.Max);
                x.Union(y).Rows.Should().Equal(left.Union(right).Order());
                x.Except(y).Rows.Should().Equal(left.Except(right));
                x.Union(b).Cardinality.Should().Be(x.Union(y).Cardinality);
                b.All(row => x.Contains(row) == left.Contains(row)).Should().BeTrue();
            },
            iter: 100);
    }

    [Fact]
    public void Survives_a_round_trip()
    {
        Rows.Sample(
            static rows =>
            {
                DeletionVector vector = DeletionVector.Of(rows);
                DeletionVector read = DeletionVector.Parse(vector.Serialize());
                read.Rows.Should().Equal(vector.Rows);
                read.Serialize().Should().Equal(vector.Serialize());
            },
            iter: 100);
    }

    [Fact]
    public void Marks_the_deleted_rows_of_a_window()
    {
        Gen.Select(Rows, Gen.Long[0, 140_000], Gen.Int[0, 70_000]).Sample(
            static (rows, first, length) =>
            {
                HashSet<long> deleted = [.. rows];
                bool[] keep = new bool[length];
                Array.Fill(keep, true);
                DeletionVector.Of(rows).MarkDeleted(first, keep);
                keep.Should().Equal(Enumerable.Range(0, length).Select(i => !deleted.Contains(first + i)));
            },
            iter: 100);
    }

    [Fact]
    public void Marking_keeps_rows_cleared_that_were_cleared_before()
    {
        bool[] keep = [true, false, true];
        DeletionVector.Of([0]).MarkDeleted(0, keep);
        keep.Should().Equal(false, false, true);
    }

    [Fact]
    public void Negative_positions_are_refused()
    {
        Action act = static () => DeletionVector.Of([3, -1]);
        act.Should().Throw<ArgumentOutOfRangeException>();
    }
}
