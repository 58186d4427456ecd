using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Columnar.Tests.Support;

namespace Lakehouse.Incremental.Columnar.Tests.Encoding;

public class RowEncoderFormatTests
{


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
