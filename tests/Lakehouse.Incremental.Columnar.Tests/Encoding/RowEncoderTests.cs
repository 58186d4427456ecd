using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;

namespace Lakehouse.Incremental.Columnar.Tests;

public class RowEncoderTests
{
    [Fact]
    public void Bytes_compare_as_the_rows_do_and_are_equal_only_for_equal_rows() =>
        Generate.Orderable.Array[1, 3].SelectMany(
            types => Gen.Select(Rows(types), Gen.Int[0, 9]), (types, t) => (types, rows: t.Item1, padding: t.Item2)).Sample(
            t =>
            {
                EncodedRows encoded = Encode(t.types, t.rows, t.padding);
                for (int i = 0; i < t.rows.Length; i++)
                {
                    for (int j = 0; j < t.rows.Length; j++)
                    {
                        int bytes = Math.Sign(encoded[i].SequenceCompareTo(encoded[j]));
                        int values = Math.Sign(Model.Compare(t.rows[i], t.rows[j]));
                        bytes.Should().Be(values, "{0} against {1}", Naive.Text(t.rows[i]), Naive.Text(t.rows[j]));
                    }
                }
            },
            iter: 1500);

    [Fact]
    public void No_encoding_begins_with_another_so_columns_can_be_cut_off() =>
        Generate.Orderable.Array[1, 2].SelectMany(Rows, (types, rows) => (types, rows)).Sample(t =>
        {
            EncodedRows encoded = Encode(t.types, t.rows, 0);
            for (int i = 0; i < t.rows.Length; i++)
            {
                for (int j = 0; j < t.rows.Length; j++)
                {
                    encoded[i].StartsWith(encoded[j]).Should().Be(encoded[i].SequenceEqual(encoded[j]));
                }
            }
        });

    [Fact]
    public void The_encoding_of_several_columns_is_that_of_each_put_together() =>
        Generate.Orderable.Array[2].SelectMany(Rows, (types, rows) => (types, rows)).Sample(t =>
        {
            EncodedRows both = Encode(t.types, t.rows, 1);
            EncodedRows first = Encode([t.types[0]], [.. t.rows.Select(r => new[] { r[0] })], 2);
            EncodedRows second = Encode([t.types[1]], [.. t.rows.Select(r => new[] { r[1] })], 0);
            for (int i = 0; i < both.Count; i++)
            {
                both[i].ToArray().Should().Equal([.. first[i], .. second[i]]);
                both.Memory(i).ToArray().Should().Equal(both[i].ToArray());
            }
        });

    [Theory]
    [InlineData("", "010000")]
    [InlineData("a\0b", "016100FF620000")]
    [InlineData(null, "00")]
    [InlineData(1, "0180000001")]
    [InlineData(-1, "017FFFFFFF")]
    [InlineData(true, "0101")]
    [InlineData(-0.0, "018000000000000000")]
    [InlineData(double.NaN, "01FFF8000000000000")]
    [InlineData(double.PositiveInfinity, "01FFF0000000000000")]
    [InlineData(-1.5f, "01403FFFFF")]
    public void The_bytes_are_part_of_stored_state_and_never_change(object? value, string hex)
    {
        IArrowType type = value switch
        {
            int => Int32Type.Default,
            bool => BooleanType.Default,
            double => DoubleType.Default,
            float => FloatType.Default,
            _ => StringType.Default,
        };

        Convert.ToHexString(Encode([type], [[value]], 0)[0]).Should().Be(hex);
    }

    [Fact]
    public void Rows_beyond_one_block_are_encoded_as_alone()
    {
        object?[] values = [.. Enumerable.Range(0, 1300).Select(i => i % 7 == 0 ? null : (object?)("v" + i))];

        EncodedRows all = Encode([StringType.Default], [.. values.Select(v => new[] { v })], 3);

        for (int i = 0; i < values.Length; i++)
        {
            all[i].SequenceEqual(Encode([StringType.Default], [[values[i]]], 0)[0]).Should().BeTrue();
        }
    }

    [Fact]
    public void Lists_maps_and_void_have_no_order()
    {
        IArrowType list = new ListType(new Field("element", Int32Type.Default, true));
        IArrowType inside = new StructType([new Field("a", list, true)]);

        RowEncoder.IsOrderable(inside).Should().BeFalse();
        RowEncoder.IsOrderable(NullType.Default).Should().BeFalse();
        FluentActions.Invoking(() => new RowEncoder([list])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_column_of_another_type_is_refused_because_its_bytes_would_not_compare()
    {
        RecordBatch batch = ModelArrays.Batch(("a", ModelArrays.Build(Int32Type.Default, [1])));

        FluentActions.Invoking(() => new RowEncoder([Int64Type.Default]).Encode(batch, [0])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new RowEncoder([Int32Type.Default]).Encode(batch, [0, 0])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Encodings_are_found_in_a_dictionary_by_span()
    {
        EncodedRows encoded = Encode([StringType.Default], [["a"], ["b"]], 0);
        Dictionary<byte[], int> byKey = new(ByteComparer.Instance) { [encoded[0].ToArray()] = 1 };

        byKey.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(encoded[0], out int found).Should().BeTrue();
        found.Should().Be(1);
        byKey.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(encoded[1]).Should().BeFalse();
    }

    private static Gen<object?[][]> Rows(IArrowType[] types) => types.Aggregate(
        Gen.Const(System.Array.Empty<object?>()), (row, type) => Gen.Select(row, Generate.Value(type), (r, v) => (object?[])[.. r, v])).Array[1, 8];

    private static EncodedRows Encode(IArrowType[] types, object?[][] rows, int padding)
    {
        RecordBatch batch = ModelArrays.Batch([.. types.Select((t, i) => ("c" + i, ModelArrays.Build(t, [.. rows.Select(r => r[i])], padding)))]);
        return new RowEncoder(types).Encode(batch, [.. Enumerable.Range(0, types.Length)]);
    }
}
