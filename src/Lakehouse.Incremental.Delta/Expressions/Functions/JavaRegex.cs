using System.Text;
using System.Text.RegularExpressions;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>
/// Regular expressions as Spark has them, which are Java's, on those of the CLR: what means something else there is rewritten, or refused by name.
/// A search that takes too long ends with an error.
/// </summary>
internal static class JavaRegex
{
    /// <summary>Far more than honest patterns take; keeps hostile ones from holding a writer up.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(Translate(pattern), RegexOptions.CultureInvariant, Timeout);
        }
        catch (ArgumentException error)
        {
            throw ExpressionErrors.Unsupported($"the regular expression '{ExpressionErrors.Quote(pattern)}' ({error.Message})");
        }
    }

    /// <summary>Runs a search.</summary>
    public static T Guard<T>(Regex regex, Func<T> search)
    {
        try
        {
            return search();
        }
        catch (RegexMatchTimeoutException)
        {
            throw ExpressionErrors.Failed($"a search with the regular expression '{ExpressionErrors.Quote(regex.ToString())}' took too long");
        }
    }

    /// <summary>A replacement: <c>$1</c> is a group, a backslash takes the next character as it is.</summary>
    public static string Replacement(string text)
    {
        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                result.Append(text[i] == '$' ? "$$" : text[i].ToString());
            }
            else if (text[i] == '$' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
            {
                result.Append("${").Append(text[++i]).Append('}');
            }
            else if (text[i] == '$')
            {
                throw ExpressionErrors.Unsupported($"the replacement '{ExpressionErrors.Quote(text)}' ('$' without a group)");
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static string Translate(string pattern)
    {
        StringBuilder result = new(pattern.Length);
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(Escape(pattern, pattern[++i], inClass));
                continue;
            }

            bool opens = c == '[' && !inClass;
            if ((inClass && c == '[') || (inClass && c == '&' && pattern.AsSpan(i).StartsWith("&&")))
            {
                throw ExpressionErrors.Unsupported($"the regular expression '{ExpressionErrors.Quote(pattern)}' (sets within sets)");
            }

            if (!inClass && c == '+' && i > 0 && pattern[i - 1] is '+' or '*' or '?' or '}' && !IsEscaped(pattern, i - 1))
            {
                throw ExpressionErrors.Unsupported($"the regular expression '{ExpressionErrors.Quote(pattern)}' (possessive quantifiers)");
            }

            inClass = opens || (inClass && c != ']');
            result.Append(c);
        }

        return result.ToString();
    }

    // The CLR takes digits and letters of all scripts, Java those of ASCII.
    private static string Escape(string pattern, char c, bool inClass) => (c, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('w', false) => "[a-zA-Z0-9_]",
        ('w', true) => "a-zA-Z0-9_",
        ('s', false) => "[ \\t\\n\\x0B\\f\\r]",
        ('s', true) => " \\t\\n\\x0B\\f\\r",
        ('D', false) => "[^0-9]",
        ('W', false) => "[^a-zA-Z0-9_]",
        ('S', false) => "[^ \\t\\n\\x0B\\f\\r]",
        ('D' or 'W' or 'S' or 'h' or 'H' or 'v' or 'V' or 'R' or 'X' or 'Q' or 'E' or 'N' or 'G', _) => throw ExpressionErrors.Unsupported(
            $"the regular expression '{ExpressionErrors.Quote(pattern)}' ('\\{c}')"),
        _ => "\\" + c,
    };

    private static bool IsEscaped(string pattern, int at)
    {
        int backslashes = 0;
        while (at - backslashes - 1 >= 0 && pattern[at - backslashes - 1] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }
}
