using System.Text;

namespace Lakehouse.Incremental.Delta.Statistics;

/// <summary>Bounds of strings, cut to a length: a lower bound stays below, an upper one is raised above (protocol notes, section 8).</summary>
internal static class StringBounds
{
    private const char AsciiTieBreaker = '\u007F';
    private const string TieBreaker = "\U0010FFFF";

    public static string Lower(string value, int prefix) => value[..Cut(value, prefix)];

    /// <summary>Null when no short upper bound exists.</summary>
    public static string? Upper(string value, int prefix)
    {
        if (value.Length <= prefix)
        {
            return value;
        }

        for (int cut = Cut(value, prefix); cut <= prefix * 2 && cut < value.Length; cut++)
        {
            if (cut > 0 && char.IsHighSurrogate(value[cut - 1]))
            {
                continue;
            }

            Rune.DecodeFromUtf16(value.AsSpan(cut), out Rune dropped, out _);
            if (dropped.Value < AsciiTieBreaker)
            {
                return value[..cut] + AsciiTieBreaker;
            }

            if (dropped.Value < 0x10FFFF)
            {
                return value[..cut] + TieBreaker;
            }
        }

        return null;
    }

    /// <summary>Where to cut so that no surrogate pair is split.</summary>
    private static int Cut(string value, int prefix)
    {
        int cut = Math.Min(prefix, value.Length);
        return cut > 0 && cut < value.Length && char.IsHighSurrogate(value[cut - 1]) ? cut - 1 : cut;
    }
}
