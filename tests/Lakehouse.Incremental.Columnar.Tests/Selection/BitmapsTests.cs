using CsCheck;

namespace Lakehouse.Incremental.Columnar.Tests.Selection;

public class BitmapsTests
{
    [Fact]
    public void Copying_a_range_of_bits_copies_exactly_these_bits() =>
        Gen.Select(Gen.Byte.Array[1, 60], Gen.Int[0, 80], Gen.Int[0, 40], Gen.Int[0, 500]).Sample((source, from, to, wanted) =>
        {
            from = Math.Min(from, source.Length * 8);
            int length = Math.Min(wanted, (source.Length * 8) - from);
            byte[] target = new byte[Bitmaps.Bytes(to + length)];

            Bitmaps.Copy(source, from, target, to, length);

            bool[] expected = [.. Enumerable.Range(0, target.Length * 8)
                .Select(i => i >= to && i < to + length && Bitmaps.Get(source, from + i - to))];
            Enumerable.Range(0, target.Length * 8).Select(i => Bitmaps.Get(target, i)).Should().Equal(expected);
            Bitmaps.Count(target).Should().Be(expected.Count(b => b));
        });

    [Fact]
    public void Setting_a_range_sets_exactly_these_bits() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 200]).Sample((start, length) =>
        {
            byte[] target = new byte[Bitmaps.Bytes(start + length + 9)];

            Bitmaps.SetRange(target, start, length);

            Enumerable.Range(0, target.Length * 8).Where(i => Bitmaps.Get(target, i)).Should().Equal(Enumerable.Range(start, length));
        });
}
