using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Generators;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public sealed class RowEncoderLaws
{
    private static readonly Gen<IArrowType> s_orderable = Gen.Frequency(
        (5, ArrowGen.Scalar),
        (2, ArrowGen.Scalar.Array[1, 3].Select(ArrowGen.Struct)),
        (1, ArrowGen.Scalar.Array[1, 2].Select(f => ArrowGen.Struct(ArrowGen.Struct(f), StringType.Default))));

    [Fact]
    public void Bytes_compare_as_the_values_do_and_are_equal_for_equal_values_only() =>
        (from type in s_orderable
         from array in ArrowGen.Array(type, 8)
         select array).Sample(
            a =>
            {
                EncodedRows rows = Encode(a.Array);
                for (int i = 0; i < rows.Count; i++)
                {
                    for (int j = 0; j < rows.Count; j++)
                    {
                        int bytes = Math.Sign(rows[i].SequenceCompareTo(rows[j]));
                        bytes.Should().Be(Math.Sign(ModelOrder.Compare(a.Type, a.Values[i], a.Values[j])), "rows {0} and {1} compare so", i, j);
                    }
                }
            },
            iter: 600,
            print: a => a.ToString());

    [Fact]
    public void Rows_of_several_columns_compare_column_by_column() =>
        (from types in s_orderable.Array[1, 4]
         from columns in types.Aggregate(Gen.Const(new List<GenArray>()),
             (all, t) => Gen.Select(all, ArrowGen.Array(t, 6), (list, next) => (List<GenArray>)[.. list, next]))
         select columns).Sample(
            columns =>
            {
                EncodedRows rows = Encode([.. columns.Select(c => c.Array)]);
                for (int i = 0; i < rows.Count; i++)
                {
                    for (int j = 0; j < rows.Count; j++)
                    {
                        int expected = columns.Select(c => ModelOrder.Compare(c.Type, c.Values[i], c.Values[j])).FirstOrDefault(o => o != 0);
                        Math.Sign(rows[i].SequenceCompareTo(rows[j])).Should().Be(Math.Sign(expected));
                    }
                }
            },
            iter: 300,
            print: columns => string.Join('\n', columns.Select(c => c.ToString())));

    [Fact]
    public void A_prefix_of_columns_is_a_prefix_of_bytes_and_the_rest_follows() =>
        (from type in s_orderable
         from first in ArrowGen.Array(type, 6)
         from second in ArrowGen.Array(StringType.Default, 6)
         select (first, second)).Sample(
            c =>
            {
                EncodedRows both = Encode(c.first.Array, c.second.Array);
                EncodedRows left = Encode(c.first.Array);
                EncodedRows right = Encode(c.second.Array);
                for (int row = 0; row < both.Count; row++)
                {
                    both[row].ToArray().Should().Equal([.. left[row], .. right[row]]);
                    both.Memory(row).ToArray().Should().Equal(both[row].ToArray());
                }
            },
            iter: 200,
            print: c => $"{c.first}\n{c.second}");

    [Fact]
    public void No_encoded_value_is_the_beginning_of_another() =>
        s_orderable.SelectMany(t => ArrowGen.Array(t, 8)).Sample(
            a =>
            {
                EncodedRows rows = Encode(a.Array);
                for (int i = 0; i < rows.Count; i++)
                {
                    for (int j = 0; j < rows.Count; j++)
                    {
                        rows[j].StartsWith(rows[i]).Should().Be(rows[i].SequenceEqual(rows[j]));
                    }
                }
            },
            iter: 300,
            print: a => a.ToString());

    private static EncodedRows Encode(params IArrowArray[] columns)
    {
        RecordBatch batch = Cells.Batch([.. columns.Select((c, i) => ("c" + i, c))]);
        return new RowEncoder([.. columns.Select(c => c.Data.DataType)]).Encode(batch, [.. Enumerable.Range(0, columns.Length)]);
    }
}
