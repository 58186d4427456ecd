using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public class RowEqualityTests
{
    [Fact]
    public void Cells_are_equal_as_their_digests_are() =>
        Generate.Any.SelectMany(type => Gen.Select(Generate.ArrayOf(type, 1, 6), Generate.ArrayOf(type, 1, 6))).Sample((a, b) =>
        {
            UInt128[] left = RowDigest.Compute(ModelArrays.Batch(("c", a.Array)), [0], DigestDomain.Data);
            UInt128[] right = RowDigest.Compute(ModelArrays.Batch(("c", b.Array)), [0], DigestDomain.Data);
            for (int i = 0; i < left.Length; i++)
            {
                for (int j = 0; j < right.Length; j++)
                {
                    RowEquality.Equal(a.Array, i, b.Array, j).Should().Be(left[i] == right[j]);
                }
            }
        });

    [Fact]
    public void Zeros_are_equal_and_so_are_all_NaNs_and_nulls()
    {
        IArrowArray values = ModelArrays.Build(DoubleType.Default, [0.0, -0.0, double.NaN, -double.NaN, null, null], padding: 2);

        Equal(values, 0, 1).Should().BeTrue();
        Equal(values, 2, 3).Should().BeTrue();
        Equal(values, 4, 5).Should().BeTrue();
        Equal(values, 0, 4).Should().BeFalse();
        Equal(values, 2, 0).Should().BeFalse();
    }

    [Fact]
    public void Values_of_different_type_families_are_never_equal()
    {
        IArrowArray text = ModelArrays.Build(StringType.Default, ["a"]);
        IArrowArray bytes = ModelArrays.Build(BinaryType.Default, ["a"u8.ToArray()]);
        IArrowArray number = ModelArrays.Build(Int64Type.Default, [5L]);
        IArrowArray instant = ModelArrays.Build(new TimestampType(TimeUnit.Microsecond, "UTC"), [5L]);

        RowEquality.Equal(text, 0, bytes, 0).Should().BeFalse();
        RowEquality.Equal(number, 0, instant, 0).Should().BeFalse();
        RowEquality.Equal(number, 0, ModelArrays.Build(Int16Type.Default, [(short)5]), 0).Should().BeTrue();
    }

    private static bool Equal(IArrowArray array, int i, int j) => RowEquality.Equal(array, i, array, j);
}
