using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public sealed class RowDigestTests
{
    private static readonly Gen<GenArray[]> s_columns =
        from types in ArrowGen.Type(2).Array[1, 4]
        from columns in types.Aggregate(Gen.Const(System.Array.Empty<GenArray>()), (all, t) => Gen.Select(all, ArrowGen.Array(t, 5), (list, next) => (GenArray[])[.. list, next]))
        select columns;

    [Fact]
    public void The_order_of_the_columns_and_slices_do_not_matter() =>
        (from columns in s_columns
         from order in Gen.Shuffle(Enumerable.Range(0, columns.Length).ToArray())
         select (columns, order)).Sample(
            c =>
            {
                (string, IArrowArray)[] named = [.. c.columns.Select((a, i) => ("c" + i, a.Array))];
                (string, IArrowArray)[] shuffled = [.. c.order.Select(i => ("c" + i, Cells.Array(c.columns[i].Type, c.columns[i].Values)))];
                foreach (DigestDomain domain in Enum.GetValues<DigestDomain>())
                {
                    Digest(domain, shuffled).Should().Equal(Digest(domain, named));
                }
            },
            iter: 300,
            print: c => string.Join('\n', c.columns.Select(a => a.ToString())));

    [Fact]
    public void Equal_cells_and_only_they_have_equal_digests() =>
        (from type in ArrowGen.Type(2)
         from values in ArrowGen.Value(type).List[6, 6]
         select new GenArray(type, values, Cells.Array(type, values))).Sample(
            a =>
            {
                UInt128[] digests = Digest(DigestDomain.Event, ("a", a.Array));
                for (int i = 0; i < digests.Length; i++)
                {
                    for (int j = 0; j < digests.Length; j++)
                    {
                        (digests[i] == digests[j]).Should().Be(ModelOrder.Same(a.Type, a.Values[i], a.Values[j]));
                        RowEquality.Equal(a.Array, i, a.Array, j).Should().Be(digests[i] == digests[j]);
                    }
                }
            },
            iter: 400,
            print: a => a.ToString());

    [Fact]
    public void A_column_without_values_changes_no_digest_of_data_but_the_digest_of_an_event()
    {
        (string, IArrowArray) a = ("a", Cells.Array(Int32Type.Default, 1, null));
        (string, IArrowArray) added = ("b", NullArrays.Create(ArrowGen.List(StringType.Default), 2));
        Digest(DigestDomain.Data, a, added).Should().Equal(Digest(DigestDomain.Data, a));
        Digest(DigestDomain.Event, a, added).Should().NotIntersectWith(Digest(DigestDomain.Event, a));
    }

    [Fact]
    public void The_domains_do_not_share_digests()
    {
        (string, IArrowArray) a = ("a", Cells.Array(Int32Type.Default, 1, 2));
        Digest(DigestDomain.Event, a).Should().NotIntersectWith(Digest(DigestDomain.Data, a));
    }

    [Fact]
    public void Wider_integers_and_floats_and_a_greater_scale_keep_the_digest()
    {
        UInt128[] narrow = Digest(DigestDomain.Data, ("a", Cells.Array(Int8Type.Default, (sbyte)-1, (sbyte)7)));
        Digest(DigestDomain.Data, ("a", Cells.Array(Int16Type.Default, (short)-1, (short)7))).Should().Equal(narrow);
        Digest(DigestDomain.Data, ("a", Cells.Array(Int32Type.Default, -1, 7))).Should().Equal(narrow);
        Digest(DigestDomain.Data, ("a", Cells.Array(Int64Type.Default, -1L, 7L))).Should().Equal(narrow);
        Digest(DigestDomain.Data, ("a", Cells.Array(DoubleType.Default, 1.5d, -0d))).Should().Equal(Digest(DigestDomain.Data, ("a", Cells.Array(FloatType.Default, 1.5f, 0f))));

        IArrowArray cents = Cells.Array(new Decimal128Type(9, 2), (Int128)(-150), (Int128)7, (Int128)0);
        IArrowArray micros = Cells.Array(new Decimal128Type(38, 6), (Int128)(-1_500_000), (Int128)70_000, (Int128)0);
        Digest(DigestDomain.Data, ("a", micros)).Should().Equal(Digest(DigestDomain.Data, ("a", cents)));
    }

    [Fact]
    public void Widening_inside_of_nested_values_keeps_the_digest()
    {
        IArrowArray narrow = Cells.Array(ArrowGen.List(ArrowGen.Struct(Int32Type.Default, new Decimal128Type(5, 0))), [new List<object?> { new object?[] { 5, (Int128)3 }, null }]);
        IArrowArray wide = Cells.Array(ArrowGen.List(ArrowGen.Struct(Int64Type.Default, new Decimal128Type(9, 2))), [new List<object?> { new object?[] { 5L, (Int128)300 }, null }]);
        Digest(DigestDomain.Data, ("a", wide)).Should().Equal(Digest(DigestDomain.Data, ("a", narrow)));
    }

    [Fact]
    public void Null_empty_zero_and_void_are_four_things()
    {
        UInt128[] strings = Digest(DigestDomain.Data, ("a", Cells.Array(StringType.Default, null, "", "\0")));
        UInt128[] lists = Digest(DigestDomain.Data, ("a", Cells.Array(ArrowGen.List(Int32Type.Default), null, new List<object?>(), new List<object?> { null })));
        strings.Should().OnlyHaveUniqueItems();
        lists.Should().OnlyHaveUniqueItems();
        lists[0].Should().Be(strings[0], "a null is not in the digest of data, whatever its type");
    }

    [Fact]
    public void Names_and_families_of_types_are_part_of_the_digest()
    {
        UInt128[] digests =
        [
            .. Digest(DigestDomain.Data, ("a", Cells.Array(Int64Type.Default, 1L))),
            .. Digest(DigestDomain.Data, ("A", Cells.Array(Int64Type.Default, 1L))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(new TimestampType(TimeUnit.Microsecond, "UTC"), 1L))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(new TimestampType(TimeUnit.Microsecond, (string)null!), 1L))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(StringType.Default, "1"))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(BinaryType.Default, "1"u8.ToArray()))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(DoubleType.Default, 1d))),
            .. Digest(DigestDomain.Data, ("a", Cells.Array(Date32Type.Default, 1))),
        ];
        digests.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_order_of_a_maps_entries_does_not_matter_and_that_of_a_lists_elements_does()
    {
        object?[] a = ["a", 1];
        object?[] b = ["b", null];
        UInt128[] maps = Digest(DigestDomain.Data, ("m", Cells.Array(ArrowGen.Map(StringType.Default, Int32Type.Default), new List<object?> { a, b }, new List<object?> { b, a })));
        maps[0].Should().Be(maps[1]);
        UInt128[] lists = Digest(DigestDomain.Data, ("l", Cells.Array(ArrowGen.List(Int32Type.Default), new List<object?> { 1, 2 }, new List<object?> { 2, 1 })));
        lists[0].Should().NotBe(lists[1]);
    }

    [Fact]
    public void The_digest_of_a_known_row_never_changes()
    {
        // Digests are stored in tables: another value here needs another tag.
        RowDigest.Tag.Should().Be("H1");
        UInt128 digest = Digest(
            DigestDomain.Data,
            ("id", Cells.Array(Int64Type.Default, 42L)),
            ("name", Cells.Array(StringType.Default, "lake")),
            ("price", Cells.Array(new Decimal128Type(10, 2), (Int128)1050)),
            ("tags", Cells.Array(ArrowGen.List(StringType.Default), [new List<object?> { "a", null }])))[0];
        digest.ToString("x32")[..16].Should().Be("6a6fc5b4c69ebef5");
    }

    private static UInt128[] Digest(DigestDomain domain, params (string Name, IArrowArray Array)[] columns) =>
        RowDigest.Compute(Cells.Batch(columns), [.. Enumerable.Range(0, columns.Length)], domain);
}
