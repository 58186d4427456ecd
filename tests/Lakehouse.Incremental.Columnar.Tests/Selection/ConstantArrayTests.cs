using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Selection;

public class ConstantArrayTests
{
    [Fact]
    public void Each_row_holds_the_value() =>
        Generate.Scalar.SelectMany(Generate.Value, (type, value) => (type, value))
            .SelectMany(t => Gen.Int[0, 20], (t, length) => (t.type, t.value, length))
            .Sample(t =>
            {
                IArrowArray array = ConstantArray.Create(t.type, t.value, t.length);

                array.Data.DataType.Should().BeSameAs(t.type);
                Naive.Texts(array).Should().Equal(Enumerable.Repeat(Naive.Text(t.value), t.length));
            });

    [Fact]
    public void Decimals_come_as_big_integers_too()
    {
        Naive.Cell(ConstantArray.Create(new Decimal128Type(38, 2), -BigInteger.Pow(10, 37), 1), 0).Should().Be((Int128)(-BigInteger.Pow(10, 37)));
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData(1L)]
    [InlineData("1")]
    public void A_value_of_another_type_is_refused(object value)
    {
        FluentActions.Invoking(() => ConstantArray.Create(Int32Type.Default, value, 1)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Nulls_of_any_type_are_null_in_each_row() =>
        Gen.Select(Generate.Any, Gen.Int[0, 20]).Sample((type, length) =>
        {
            IArrowArray array = NullArrays.Create(type, length);

            array.Data.DataType.Should().BeSameAs(type);
            array.NullCount.Should().Be(length);
            Naive.Texts(array).Should().Equal(Enumerable.Repeat("∅", length));
        });
}
