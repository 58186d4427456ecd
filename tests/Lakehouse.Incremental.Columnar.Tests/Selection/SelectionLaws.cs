using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Selection;

/// <summary>Every kernel against the same operation on a list of cells.</summary>
public sealed class SelectionLaws
{
    [Fact]
    public void Take_gives_the_cells_at_the_positions_and_null_for_none() =>
        (from array in ArrowGen.AnyArray
         from rows in Gen.Int[-1, array.Values.Count - 1].Array[0, 30]
         select (array, rows)).Sample(
            c => TakeKernel.Take(c.array.Array, c.rows).Texts().Should().Equal(c.rows.Select(r => r < 0 ? "null" : c.array.Texts[r])),
            iter: 400,
            print: c => $"{c.array} rows [{string.Join(", ", c.rows)}]");

    [Fact]
    public void Take_of_a_batch_takes_each_column() =>
        (from a in ArrowGen.Array(StringType.Default, 9)
         from type in ArrowGen.Type(2)
         from b in ArrowGen.Array(type, 9)
         from rows in Gen.Int[-1, 8].Array[0, 12]
         select (a, b, rows)).Sample(
            c => TakeKernel.Take(Cells.Batch(("a", c.a.Array), ("b", c.b.Array)), c.rows).Rows()
                .Should().Equal(c.rows.Select(r => r < 0 ? "null | null" : $"{c.a.Texts[r]} | {c.b.Texts[r]}")),
            iter: 200,
            print: c => $"{c.a}\n{c.b}\nrows [{string.Join(", ", c.rows)}]");

    [Fact]
    public void Interleave_gives_the_cells_of_the_sources_and_null_for_none() =>
        (from type in ArrowGen.Type(3)
         from sources in Gen.Int[1, 8].SelectMany(n => ArrowGen.Array(type, n)).Array[1, 4]
         from picks in Gen.Select(Gen.Int[-1, sources.Length - 1], Gen.Int[0, 7]).Array[0, 25]
         let rows = picks.Select(p => p.Item1 < 0 ? RowRef.Null : new RowRef(p.Item1, p.Item2 % sources[p.Item1].Values.Count)).ToArray()
         select (type, sources, rows)).Sample(
            c => InterleaveKernel.Interleave(c.type, [.. c.sources.Select(s => s.Array)], c.rows).Texts()
                .Should().Equal(c.rows.Select(r => r.Batch < 0 ? "null" : c.sources[r.Batch].Texts[r.Row])),
            iter: 400,
            print: c => $"{string.Join('\n', c.sources.Select(s => s.ToString()))}\nrows [{string.Join(", ", c.rows)}]");

    [Fact]
    public void Concat_puts_all_cells_one_after_the_other() =>
        (from type in ArrowGen.Type(3)
         from sources in Gen.Int[0, 8].SelectMany(n => ArrowGen.Array(type, n)).Array[0, 4]
         select (type, sources)).Sample(
            c => ConcatKernel.Concat(c.type, [.. c.sources.Select(s => s.Array)]).Texts().Should().Equal(c.sources.SelectMany(s => s.Texts)),
            iter: 400,
            print: c => string.Join('\n', c.sources.Select(s => s.ToString())));

    [Fact]
    public void Filter_keeps_the_marked_rows_in_their_order() =>
        (from array in ArrowGen.AnyArray
         from keep in Gen.Bool.Array[array.Values.Count]
         select (array, keep)).Sample(
            c => FilterKernel.Filter(Cells.Batch(("a", c.array.Array)), c.keep).Rows().Should().Equal(c.array.Texts.Where((_, i) => c.keep[i])),
            iter: 300,
            print: c => $"{c.array} keep [{string.Join(", ", c.keep)}]");

    [Fact]
    public void A_slice_of_a_slice_has_the_cells_of_its_range_and_copies_like_any_array() =>
        (from array in ArrowGen.AnyArray
         from start in Gen.Int[0, array.Values.Count]
         from length in Gen.Int[0, array.Values.Count - start]
         select (array, start, length)).Sample(
            c =>
            {
                string[] expected = c.array.Texts[c.start..(c.start + c.length)];
                RecordBatch slice = SliceKernel.Slice(Cells.Batch(("a", c.array.Array)), c.start, c.length);
                slice.Rows().Should().Equal(expected);
                RecordBatch copy = ManagedCopy.Copy(slice);
                copy.Rows().Should().Equal(expected);
                copy.Column(0).Data.Offset.Should().Be(0);
            },
            iter: 300,
            print: c => $"{c.array} from {c.start}, {c.length} rows");

    [Fact]
    public void A_copy_counts_its_nulls_as_the_cells_say() =>
        ArrowGen.AnyArray.Sample(
            a =>
            {
                IArrowArray copy = ManagedCopy.Copy(a.Array);
                copy.NullCount.Should().Be(a.Values.Count(v => v is null));
                copy.Length.Should().Be(a.Values.Count);
                Enumerable.Range(0,
                    copy.Length).Where(i => copy.IsNull(i)).Should().Equal(Enumerable.Range(0, copy.Length).Where(i => a.Values[i] is null));
            },
            iter: 300,
            print: a => a.ToString());

    [Fact]
    public void An_array_of_nulls_has_nothing_but_nulls_of_its_type() =>
        Gen.Select(ArrowGen.Type(3), Gen.Int[0, 20]).Sample(
            (type, length) =>
            {
                IArrowArray nulls = NullArrays.Create(type, length);
                nulls.Data.DataType.Should().BeSameAs(type);
                nulls.Texts().Should().Equal(Enumerable.Repeat("null", length));
            },
            iter: 200);

    [Fact]
    public void A_constant_array_repeats_its_value() =>
        (from type in ArrowGen.Scalar
         from value in ArrowGen.Value(type)
         from length in Gen.Int[0, 70]
         select (type, value, length)).Sample(
            c => ConstantArray.Create(c.type, c.value, c.length).Texts().Should().Equal(Enumerable.Repeat(ModelText.Of(c.type, c.value), c.length)),
            iter: 300);
}
