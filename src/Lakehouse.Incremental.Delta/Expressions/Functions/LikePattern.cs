using System.Text;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>A pattern of LIKE: <c>%</c> stands for any text, <c>_</c> for one character, and the escape character takes that away.</summary>
internal sealed class LikePattern
{
    private const int AnyText = -1;
    private const int AnyCharacter = -2;
    private readonly List<int> _pattern = [];
    private readonly bool _ignoreCase;

    public LikePattern(string pattern, char escape, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        bool escaped = false;
        foreach (Rune rune in pattern.EnumerateRunes())
        {
            if (escaped && rune.Value != escape && rune.Value is not ('%' or '_'))
            {
                throw ExpressionErrors.Failed($"the pattern '{ExpressionErrors.Quote(pattern)}' escapes a character that needs none");
            }

            bool escapes = !escaped && rune.Value == escape;
            if (!escapes)
            {
                _pattern.Add(escaped ? rune.Value : rune.Value switch
                {
                    '%' => AnyText,
                    '_' => AnyCharacter,
                    _ => Folded(rune),
                });
            }

            escaped = escapes;
        }

        if (escaped)
        {
            throw ExpressionErrors.Failed($"the pattern '{ExpressionErrors.Quote(pattern)}' ends with its escape character");
        }
    }

    /// <summary>Costs at most the product of the lengths: on a mismatch only the last <c>%</c> takes more.</summary>
    public bool Matches(string text)
    {
        int[] runes = [.. text.EnumerateRunes().Select(Folded)];
        int at = 0;
        int next = 0;
        int lastAny = -1;
        int resume = 0;
        while (at < runes.Length)
        {
            if (next < _pattern.Count && _pattern[next] == AnyText)
            {
                lastAny = next++;
                resume = at;
            }
            else if (next < _pattern.Count && (_pattern[next] == AnyCharacter || _pattern[next] == runes[at]))
            {
                next++;
                at++;
            }
            else if (lastAny >= 0)
            {
                next = lastAny + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return _pattern.Skip(next).All(static part => part == AnyText);
    }

    private int Folded(Rune rune) => _ignoreCase ? Rune.ToLowerInvariant(rune).Value : rune.Value;
}
