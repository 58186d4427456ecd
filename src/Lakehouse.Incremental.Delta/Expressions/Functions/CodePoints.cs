using System.Text;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Texts by their characters as SQL counts them: code points, not UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Count(string text) => IsPlain(text) ? text.Length : text.EnumerateRunes().Count();

    /// <summary>From a character on, so many; what lies outside of the text is left out.</summary>
    public static string Slice(string text, long start, long length)
    {
        int count = Count(text);
        long end = Math.Min(start + length, count);
        long begin = Math.Max(start, 0);
        if (end <= begin)
        {
            return "";
        }

        return IsPlain(text)
            ? text[(int)begin..(int)end]
            : string.Concat(text.EnumerateRunes().Skip((int)begin).Take((int)(end - begin)).Select(static rune => rune.ToString()));
    }

    public static string Reverse(string text)
    {
        if (IsPlain(text))
        {
            return string.Create(text.Length, text, static (span, source) =>
            {
                source.CopyTo(span);
                span.Reverse();
            });
        }

        return string.Concat(text.EnumerateRunes().Reverse().Select(static rune => rune.ToString()));
    }

    /// <summary>The place from 1 of a text in another, from a place on; 0 when it is not there.</summary>
    public static int Find(string text, string part, int from)
    {
        if (from < 1)
        {
            return 0;
        }

        int skipped = Slice(text, 0, from - 1).Length;
        int at = CountBefore(text, from) ? text.IndexOf(part, skipped, StringComparison.Ordinal) : -1;
        return at < 0 ? 0 : Count(text[..at]) + 1;
    }

    public static string Pad(string text, int length, string pad, bool left)
    {
        int count = Count(text);
        if (length <= count || pad.Length == 0)
        {
            return Slice(text, 0, Math.Max(length, 0));
        }

        int missing = length - count;
        int padLength = Count(pad);
        StringBuilder padding = new();
        for (int i = 0; i < missing / padLength; i++)
        {
            padding.Append(pad);
        }

        padding.Append(Slice(pad, 0, missing % padLength));
        return left ? padding + text : text + padding;
    }

    private static bool CountBefore(string text, int from) => from - 1 <= Count(text);

    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
}
