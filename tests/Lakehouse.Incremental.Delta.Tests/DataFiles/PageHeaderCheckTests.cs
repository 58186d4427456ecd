using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Tests.Malformed;

namespace Lakehouse.Incremental.Delta.Tests.DataFiles;

public class PageHeaderCheckTests
{
    private static readonly byte[] Sound = [.. Header(3, 100, 4, dictionaryValues: 7), 1, 2, 3, 4, .. Header(0, 50, 2, dataValues: 9), 5, 6];

    [Fact]
    public void Sound_pages_pass_however_they_are_cut()
    {
        for (int cut = 0; cut <= Sound.Length; cut++)
        {
            PageHeaderCheck check = new();
            check.Inspect(1000, Sound.AsSpan(0, cut));
            check.Inspect(1000 + cut, Sound.AsSpan(cut));
            check.Inspect(7, Sound);
        }

        PageHeader.Read(Sound, out PageHeader first).Should().Be(Sound.Length - Header(0, 50, 2, dataValues: 9).Length - 6);
        first.Should().Be(new PageHeader(100, 4, 7, null));
    }

    [Theory]
    [InlineData(-1, 4, 7, "negative")]
    [InlineData(100, -4, 7, "negative")]
    [InlineData(100, 4, -7, "negative")]
    [InlineData(100, 4, 101, "more entries than bytes")]
    [InlineData(int.MaxValue, 4, 7, "greater than its compressed bytes")]
    public void What_cannot_be_is_refused_however_it_is_cut(int uncompressed, int compressed, int values, string reason)
    {
        byte[] forged = Header(3, uncompressed, compressed, dictionaryValues: values);
        for (int cut = 0; cut < forged.Length; cut++)
        {
            Action read = () =>
            {
                PageHeaderCheck check = new();
                check.Inspect(0, Sound);
                check.Inspect(Sound.Length, forged.AsSpan(0, cut));
                check.Inspect(Sound.Length + cut, forged.AsSpan(cut));
            };
            read.Should().Throw<InvalidDataException>().WithMessage($"*{reason}*");
        }
    }

    [Fact]
    public void What_is_no_header_is_left_to_the_library()
    {
        Random random = new(5);
        byte[] noise = new byte[200];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(noise);
            int length = PageHeader.Read(noise, out _);
            length.Should().BeInRange(-1, noise.Length);
        }

        PageHeader.Read([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], out _).Should().Be(-1);
        PageHeader.Read(Enumerable.Repeat((byte)0x1C, 100).ToArray(), out _).Should().Be(-1, "it nests deeper than a header does");
    }

    private static byte[] Header(int type, int uncompressed, int compressed, int? dictionaryValues = null, int? dataValues = null)
    {
        List<byte> bytes = [0x15, .. Number(type), 0x15, .. Number(uncompressed), 0x15, .. Number(compressed)];
        if (dictionaryValues is { } entries)
        {
            bytes.AddRange([0x4C, 0x15, .. Number(entries), 0x15, .. Number(0), 0]);
        }

        if (dataValues is { } values)
        {
            bytes.AddRange([0x2C, 0x15, .. Number(values), 0x15, .. Number(0), 0x15, .. Number(3), 0x15, .. Number(3), 0]);
        }

        return [.. bytes, 0];
    }

    private static byte[] Number(int value) => ThriftNumbers.Varint((uint)ThriftNumbers.ZigZag(value));
}
