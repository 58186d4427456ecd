using System.Text;
using CsCheck;
using Lakehouse.Incremental.Delta.Statistics;

namespace Lakehouse.Incremental.Delta.Tests.Statistics;

public sealed class StringBoundsTests
{
    private static readonly Gen<string> s_text = Gen.OneOf("a", "~", "\u007F", "é", "\uFFFF", "\U0001F600", "\U0010FFFF").Array[0, 12].Select(string.Concat);

    [Fact]
    public void Bounds_hold_in_the_order_of_bytes_and_split_no_character() => Gen.Select(s_text, Gen.Int[1, 5]).Sample((value, prefix) =>
    {
        string lower = StringBounds.Lower(value, prefix);
        Compare(lower, value).Should().BeLessThanOrEqualTo(0);
        lower.Length.Should().BeLessThanOrEqualTo(prefix);
        IsWhole(lower).Should().BeTrue();
        if (StringBounds.Upper(value, prefix) is { } upper)
        {
            Compare(upper, value).Should().BeGreaterThanOrEqualTo(0);
            upper.Length.Should().BeLessThanOrEqualTo((2 * prefix) + 2);
            IsWhole(upper).Should().BeTrue();
        }
    }, iter: 5000);

    [Theory]
    [InlineData("abcd", "abcd")]
    [InlineData("abcde", "abcd\u007F")]
    [InlineData("abcd\u007F", "abcd\U0010FFFF")]
    [InlineData("abcdé", "abcd\U0010FFFF")]
    [InlineData("abcd\U0010FFFFe", "abcd\U0010FFFF\u007F")]
    [InlineData("abc\U0001F600", "abc\U0010FFFF")]
    public void The_tie_breaker_is_the_least_that_is_above(string value, string upper) => StringBounds.Upper(value, 4).Should().Be(upper);

    [Fact]
    public void There_is_none_above_the_last_character() =>
        StringBounds.Upper(string.Concat(Enumerable.Repeat("\U0010FFFF", 40)), 32).Should().BeNull();

    private static int Compare(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private static bool IsWhole(string text) => !text.EnumerateRunes().Any(static rune => rune == Rune.ReplacementChar);
}
