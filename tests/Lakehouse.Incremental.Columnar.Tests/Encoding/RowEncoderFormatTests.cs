using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public class RowEncoderFormatTests
{
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

    private static EncodedRows Encode(IArrowType[] types, object?[][] rows, int padding)
    {
        RecordBatch batch = ModelArrays.Batch([.. types.Select((t, i) => ("c" + i, ModelArrays.Build(t, [.. rows.Select(r => r[i])], padding)))]);
        return new RowEncoder(types).Encode(batch, [.. Enumerable.Range(0, types.Length)]);
    }
}
