using CsCheck;
using Lakehouse.Incremental.Delta.DeletionVectors;

namespace Lakehouse.Incremental.Delta.Tests.DeletionVectors;

public class DeletionVectorFormatTests
{
    private const int Portable = 1681511377;
    private const int Native = 1681511376;

    [Fact]
    public void Reads_the_example_of_another_writer()
    {
        byte[] payload = Z85.Decode("^Bg9^0rr910000000000iXQKl0rr91000315c8Xg000f5", 36)!;
        DeletionVector.Parse(payload).Rows.Should().Equal(0, 5);
    }

    [Fact]
    public void Reads_the_private_tail_form_of_another_writer()
    {
        byte[] payload = Z85.Decode("^Bg9^0rr910000000000iXQKl0rr91000005c8Xg##093", 34)!;
        DeletionVector.Parse(payload).Rows.Should().Equal(3);
    }

    [Fact]
    public void Reads_run_containers()
    {
        DeletionVector vector = DeletionVector.Parse(Payload(w =>
        {
            w.Write(Portable);
            w.Write(1L);
            w.Write(2);
            WriteRuns(w, (10, 4), (100, 0), (65_530, 5));
        }));

        long origin = 2L << 32;
        long[] expected = [10, 11, 12, 13, 14, 100, 65_530, 65_531, 65_532, 65_533, 65_534, 65_535];
        vector.Rows.Should().Equal(expected.Select(row => row + origin));
        expected.Should().OnlyContain(row => vector.Contains(row + origin));
        vector.Contains(origin + 15).Should().BeFalse();
        vector.LastRow.Should().Be(origin + 65_535);
        DeletionVector.Parse(vector.Serialize()).Rows.Should().Equal(vector.Rows);

        bool[] keep = new bool[65_536];
        Array.Fill(keep, true);
        vector.MarkDeleted(origin + 12, keep);
        keep.Select(static (kept, i) => (kept, Row: i + 12L)).Where(static row => !row.kept).Select(static row => row.Row)
            .Should().Equal(expected[2..]);
        vector.Union([origin + 15]).Cardinality.Should().Be(13);
        vector.Except(DeletionVector.Of([origin + 11])).Cardinality.Should().Be(11);
    }

    [Fact]
    public void Reads_the_native_layout()
    {
        byte[] bitmap = Payload(static w => WriteArray(w, 5, 7));
        byte[] empty = Payload(static w => WriteArray(w));
        DeletionVector vector = DeletionVector.Parse(Payload(w =>
        {
            w.Write(Native);
            w.Write(2);
            w.Write(empty.Length);
            w.Write(empty);
            w.Write(bitmap.Length);
            w.Write(bitmap);
        }));
        vector.Rows.Should().Equal((1L << 32) + 5, (1L << 32) + 7);
    }

    public static TheoryData<string, byte[]> Forged => new()
    {
        { "magic number", Payload(static w => w.Write(42)) },
        { "too early", [1, 2] },
        { "more bitmaps", Payload(static w => { w.Write(Portable); w.Write(long.MaxValue); }) },
        { "more bitmaps", Payload(static w => { w.Write(Native); w.Write(int.MaxValue); }) },
        { "more containers", Payload(static w => { Head(w, 0); w.Write(12346); w.Write(int.MaxValue); }) },
        { "more containers", Payload(static w => { Head(w, 0); w.Write(12346); w.Write(-1); }) },
        { "unknown cookie", Payload(static w => { Head(w, 0); w.Write(99); w.Write(0); }) },
        { "too early", Payload(static w => { Head(w, 0); w.Write(12346); w.Write(1); w.Write((ushort)0); w.Write((ushort)50); w.Write(0); }) },
        { "left over", Payload(static w => { Head(w, 0); WriteArray(w, 1); w.Write((byte)0); }) },
        { "members of a container", Payload(static w => { Head(w, 0); WriteArray(w, 7, 5); }) },
        { "ascending order", Payload(static w => { Head(w, -1); WriteArray(w, 5); }) },
        { "runs", Payload(static w => { Head(w, 0); WriteRuns(w, (10, 5), (12, 1)); }) },
        { "runs", Payload(static w => { Head(w, 0); WriteRuns(w, (65_535, 1)); }) },
        { "as many members", Payload(static w => { Head(w, 0); WriteBitmap(w, 5000, 4999); }) },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public void Refuses_forged_payloads(string reason, byte[] payload)
    {
        Action act = () => DeletionVector.Parse(payload);
        act.Should().Throw<CorruptTableException>().WithMessage($"*{reason}*").Which.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
    }

    [Fact]
    public void Damage_is_read_as_something_or_refused_but_never_fails_otherwise()
    {
        byte[] payload = DeletionVector.Of(Enumerable.Range(0, 5000).Select(static i => i * 3L).Concat([1L << 33, 1L << 40])).Serialize();
        Gen.Select(Gen.Int[0, payload.Length - 1], Gen.Byte, Gen.Int[0, 40]).Sample(
            (at, value, head) =>
            {
                byte[] damaged = [.. payload];
                damaged[at] = value;
                damaged[head] = value;
                Action act = () => DeletionVector.Parse(damaged).Rows.Count();
                try
                {
                    act();
                }
                catch (CorruptTableException error)
                {
                    error.ErrorCode.Should().Be(ErrorCodes.CorruptFile);
                }
            },
            iter: 500);
    }

    private static void Head(BinaryWriter writer, int high)
    {
        writer.Write(Portable);
        writer.Write(1L);
        writer.Write(high);
    }

    private static void WriteArray(BinaryWriter writer, params ushort[] lows)
    {
        writer.Write(12346);
        writer.Write(lows.Length == 0 ? 0 : 1);
        if (lows.Length > 0)
        {
            writer.Write((ushort)0);
            writer.Write((ushort)(lows.Length - 1));
            writer.Write(16);
        }

        foreach (ushort low in lows)
        {
            writer.Write(low);
        }
    }

    private static void WriteRuns(BinaryWriter writer, params (ushort Start, ushort LengthMinusOne)[] runs)
    {
        writer.Write(12347);
        writer.Write((byte)1);
        writer.Write((ushort)0);
        writer.Write((ushort)(runs.Sum(static run => run.LengthMinusOne + 1) - 1));
        writer.Write((ushort)runs.Length);
        foreach ((ushort start, ushort length) in runs)
        {
            writer.Write(start);
            writer.Write(length);
        }
    }

    private static void WriteBitmap(BinaryWriter writer, int claimed, int members)
    {
        writer.Write(12346);
        writer.Write(1);
        writer.Write((ushort)0);
        writer.Write((ushort)(claimed - 1));
        writer.Write(16);
        ulong[] words = new ulong[1024];
        for (int i = 0; i < members; i++)
        {
            words[i / 64] |= 1UL << (i % 64);
        }

        foreach (ulong word in words)
        {
            writer.Write(word);
        }
    }

    private static byte[] Payload(Action<BinaryWriter> write)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
