using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Selection;

public class GatherTests
{
    [Fact]
    public void Take_gives_the_cells_of_the_rows_and_nulls_for_minus_one() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type, 1))
            .SelectMany(a => Gen.Int[-1, a.Array.Length - 1].Array[0, 30], (a, rows) => (a.Array, a.Values, rows))
            .Sample(
                t => Expect(TakeKernel.Take(t.Array, t.rows), t.rows.Select(r => r < 0 ? null : t.Values[r])),
                print: t => Print(t.Array, t.rows),
                iter: 2000);

    [Fact]
    public void Interleave_gives_the_cells_of_the_rows_of_all_sources() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type, 1, 12).Array[1, 4]).SelectMany(
                sources => Gen.Select(Gen.Int[-1, sources.Length - 1], Gen.Int[0, 1000]).Array[0, 40],
                (sources, picks) => (sources, rows: picks.Select(p => Pick(sources, p.Item1, p.Item2)).ToArray()))
            .Sample(
                t => Expect(
                    InterleaveKernel.Interleave(t.sources[0].Array.Data.DataType, [.. t.sources.Select(s => s.Array)], t.rows),
                    t.rows.Select(r => r.Batch < 0 ? null : t.sources[r.Batch].Values[r.Row])),
                print: t => Print(t.sources[0].Array, t.rows),
                iter: 2000);

    [Fact]
    public void Concat_puts_all_cells_in_a_row() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type).Array[0, 4], (type, sources) => (type, sources))
            .Sample(t => Expect(ConcatKernel.Concat(t.type, [.. t.sources.Select(s => s.Array)]), t.sources.SelectMany(s => s.Values)), iter: 1000);

    [Fact]
    public void Filter_keeps_the_marked_rows() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type))
            .SelectMany(a => Gen.Bool.Array[a.Array.Length], (a, keep) => (a.Array, a.Values, keep))
            .Sample(
                t => Expect(FilterKernel.Filter(ModelArrays.Batch(("c", t.Array)), t.keep).Column(0), t.Values.Where((_, row) => t.keep[row])),
                iter: 1000);

    [Fact]
    public void Slices_of_slices_are_ranges_of_the_rows() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type, 1)).SelectMany(a => Gen.Int[0, a.Array.Length], (a, cut) => (a.Array, a.Values, cut))
            .Sample(
                t =>
                {
                    RecordBatch once = SliceKernel.Slice(ModelArrays.Batch(("c", t.Array)), t.cut, t.Array.Length - t.cut);
                    RecordBatch twice = SliceKernel.Slice(once, once.Length / 2, once.Length - (once.Length / 2));
                    Naive.Texts(twice.Column(0)).Should().Equal(Naive.Texts(t.Values.Skip(t.cut + (once.Length / 2))));
                },
                iter: 1000);

    [Fact]
    public void A_copy_has_no_offset_and_holds_no_bytes_of_other_rows()
    {
        IArrowArray source = ModelArrays.Build(StringType.Default, ["x", null, "yz"], padding: 3);

        IArrowArray copy = ManagedCopy.Copy(source);

        copy.Offset.Should().Be(0);
        copy.Data.Buffers[2].Length.Should().Be("x".Length + "leftover".Length + "yz".Length, "only what lies under the null comes along");
        Naive.Texts(copy).Should().Equal("\"x\"", "∅", "\"yz\"");
    }

    [Fact]
    public void A_copy_of_an_array_that_is_not_canonical_reads_the_same()
    {
        StringArray words = new StringArray.Builder().Append("a").Append("b").Build();
        DictionaryArray source = new(
            new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().Append(1).AppendNull().Append(0).Build(), words);

        IArrowArray copy = ManagedCopy.Copy(source);

        ManagedCopy.IsManaged(source.Data).Should().BeFalse("builders allocate native memory");
        ManagedCopy.IsManaged(copy.Data).Should().BeTrue();
        Naive.Texts(LosslessCast.Cast(copy, StringType.Default).Array).Should().Equal("\"b\"", "∅", "\"a\"");
    }

    [Fact]
    public void Results_stay_valid_when_the_sources_are_gone() =>
        Generate.Any.SelectMany(type => Generate.ArrayOf(type, 2)).Sample(
            t =>
            {
                IArrowArray[] results;
                using (PoisonedMemory memory = new())
                {
                    RecordBatch source = memory.Move(ModelArrays.Batch(("c", t.Array)));
                    results =
                    [
                        TakeKernel.Take(source, [1, 0]).Column(0),
                        ConcatKernel.Concat(source.Schema, [source]).Column(0),
                        SliceKernel.Slice(source, 1, 1).Column(0),
                        ManagedCopy.Copy(source).Column(0),
                        LosslessCast.Cast(source.Column(0), t.Array.Data.DataType).Array,
                    ];
                    source.Dispose();
                }

                results.Should().OnlyContain(r => ManagedCopy.IsManaged(r.Data));
                Naive.Texts(results[0]).Should().Equal(Naive.Texts([t.Values[1], t.Values[0]]));
                Naive.Texts(results[1]).Should().Equal(Naive.Texts(t.Values));
                Naive.Texts(results[2]).Should().Equal(Naive.Texts([t.Values[1]]));
                Naive.Texts(results[3]).Should().Equal(Naive.Texts(t.Values));
                Naive.Texts(results[4]).Should().Equal(Naive.Texts(t.Values));
            },
            iter: 100);

    [Fact]
    public void A_row_outside_of_a_slice_is_refused_and_not_read_from_its_neighbours()
    {
        IArrowArray slice = ModelArrays.Build(Int32Type.Default, [1, 2], padding: 4);

        FluentActions.Invoking(() => TakeKernel.Take(slice, [2])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => InterleaveKernel.Interleave(Int32Type.Default, [slice], [new RowRef(0, -1)]))
            .Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Sources_of_another_type_are_refused()
    {
        IArrowArray cents = ModelArrays.Build(new Decimal128Type(10, 2), [(Int128)100]);

        FluentActions.Invoking(() => ConcatKernel.Concat(new Decimal128Type(10, 3), [cents])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => ConcatKernel.Concat(Int64Type.Default, [cents])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Types_that_are_not_canonical_are_refused_rather_than_damaged()
    {
        DictionaryType type = new(Int8Type.Default, StringType.Default, false);
        DictionaryArray source = new(type, new Int8Array.Builder().Append(0).Build(), new StringArray.Builder().Append("a").Build());

        FluentActions.Invoking(() => TakeKernel.Take(source, [0])).Should().Throw<ArgumentException>().WithMessage("*cast them first*");
    }

    [Fact]
    public void A_batch_without_columns_keeps_its_number_of_rows()
    {
        RecordBatch source = new(new Schema([], null), [], 5);

        TakeKernel.Take(source, [4, 4, 0]).Length.Should().Be(3);
        ConcatKernel.Concat(source.Schema, [source, source]).Length.Should().Be(10);
        ConcatKernel.Concat(source.Schema, []).Length.Should().Be(0);
    }

    private static void Expect(IArrowArray actual, IEnumerable<object?> expected)
    {
        string[] texts = Naive.Texts(expected);
        Naive.Texts(actual).Should().Equal(texts);
        actual.NullCount.Should().Be(texts.Count(t => t == "∅"));
        actual.Offset.Should().Be(0);
    }

    private static RowRef Pick((IArrowArray Array, object?[] Values)[] sources, int batch, int row) =>
        batch < 0 ? RowRef.Null : new RowRef(batch, row % sources[batch].Array.Length);

    private static string Print<T>(IArrowArray array, T[] rows) =>
        array.Data.DataType.Name + " " + string.Join(" ", Naive.Texts(array)) + " rows " + string.Join(" ", rows);
}
