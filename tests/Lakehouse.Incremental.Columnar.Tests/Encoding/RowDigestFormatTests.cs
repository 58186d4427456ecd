using System.Globalization;
using System.IO.Hashing;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public class RowDigestFormatTests
{
    private static readonly IArrowType Amount = new Decimal128Type(20, 4);

    [Fact]
    public void The_layout_in_memory_changes_no_digest() =>
        Generate.Any.SelectMany(
            type => Gen.Select(Generate.Value(type).Array[1, 20], Gen.Int[1, 9], Gen.Enum<DigestDomain>()), (type, t) => (type, t)).Sample(x =>
        {
            (object?[] values, int padding, DigestDomain domain) = x.t;
            UInt128[] plain = Digests(domain, ("a", ModelArrays.Build(x.type, values)));

            Digests(domain, ("a", ModelArrays.Build(x.type, values, padding))).Should().Equal(plain);
            Digests(domain, ("a", TakeKernel.Take(ModelArrays.Build(x.type, values, padding), [values.Length - 1]))).Should().Equal(plain[^1]);
        });

    [Fact]
    public void A_field_of_nulls_inside_of_a_struct_is_as_none_for_data()
    {
        StructType narrow = new([new Field("x", Int32Type.Default, true)]);
        StructType wide = new([new Field("new", StringType.Default, true), new Field("x", Int64Type.Default, true)]);
        (string, IArrowArray) before = ("s", ModelArrays.Build(narrow, [new object?[] { 1 }]));
        (string, IArrowArray) after = ("s", ModelArrays.Build(wide, [new object?[] { null, 1L }]));

        Digests(DigestDomain.Data, after).Should().Equal(Digests(DigestDomain.Data, before));
        Digests(DigestDomain.Event, after).Should().NotEqual(Digests(DigestDomain.Event, before));
    }

    [Theory]
    [InlineData(false, "e71bda200a04bb8b60367f8bc9f91957")]
    [InlineData(true, "3091f3ccde234ee6f4edefcd51002c03")]
    public void H1_never_changes_without_a_new_tag(bool isEvent, string hex)
    {
        StructType place = new([new Field("lat", DoubleType.Default, true), new Field("zip", StringType.Default, true)]);
        RecordBatch batch = ModelArrays.Batch(
            ("id", ModelArrays.Build(Int64Type.Default, [42L])),
            ("amount", ModelArrays.Build(Amount, [(Int128)(-12_5000)])),
            ("name", ModelArrays.Build(StringType.Default, ["Zoë"])),
            ("ok", ModelArrays.Build(BooleanType.Default, [true])),
            ("none", ModelArrays.Build(StringType.Default, [null])),
            ("place", ModelArrays.Build(place, [new object?[] { -0.0, null }])));

        UInt128 digest = RowDigest.Compute(batch, [0, 1, 2, 3, 4, 5], isEvent ? DigestDomain.Event : DigestDomain.Data)[0];

        RowDigest.Tag.Should().Be("H1");
        digest.ToString("x32", CultureInfo.InvariantCulture).Should().Be(hex);
    }

    [Fact]
    public void H1_is_XXH3_over_domain_and_then_length_name_family_length_value_of_each_column_in_order_of_the_names()
    {
        (string, IArrowArray) id = ("id", ModelArrays.Build(Int16Type.Default, [(short)42]));
        (string, IArrowArray) b = ("b", ModelArrays.Build(StringType.Default, ["xy"]));
        (string, IArrowArray) none = ("bb", ModelArrays.Build(StringType.Default, [null]));
        const string B = "00000001" + "62" + "73" + "00000002" + "7879";
        const string None = "00000002" + "6262" + "73" + "FFFFFFFF";
        const string Id = "00000002" + "6964" + "69" + "00000008" + "800000000000002A";
        byte[] data = Convert.FromHexString("00" + B + Id);
        byte[] events = Convert.FromHexString("01" + B + None + Id);

        Digests(DigestDomain.Data, id, none, b).Should().Equal(XxHash128.HashToUInt128(data));
        Digests(DigestDomain.Event, id, none, b).Should().Equal(XxHash128.HashToUInt128(events));
    }

    [Fact]
    public void Rows_of_any_size_are_digested_as_alone()
    {
        object?[] values = [.. Enumerable.Range(0, 1100).Select(i => i % 5 == 0 ? null : (object?)new string('x', i % 100 == 1 ? 300_000 + i : i))];

        UInt128[] all = Digests(DigestDomain.Data, ("a", ModelArrays.Build(StringType.Default, values)));

        for (int i = 0; i < values.Length; i += 9)
        {
            all[i].Should().Be(Digests(DigestDomain.Data, ("a", ModelArrays.Build(StringType.Default, [values[i]])))[0]);
        }
    }

    private static UInt128[] Digests(DigestDomain domain, params (string, IArrowArray)[] columns)
    {
        RecordBatch batch = ModelArrays.Batch(columns);
        return RowDigest.Compute(batch, [.. Enumerable.Range(0, columns.Length)], domain);
    }
}
