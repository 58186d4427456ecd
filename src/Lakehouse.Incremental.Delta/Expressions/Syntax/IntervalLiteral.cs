using System.Globalization;

namespace Lakehouse.Incremental.Delta.Expressions.Syntax;

/// <summary>
/// <c>INTERVAL '3' DAY</c>, <c>INTERVAL 3 DAYS 2 HOURS</c> or <c>INTERVAL '3 days 2 hours'</c>, each of months and years or of units of fixed length.
/// </summary>
internal static class IntervalLiteral
{
    private const long MicrosPerSecond = 1_000_000;

    public static IntervalNode Parse(TokenReader tokens)
    {
        long months = 0;
        long micros = 0;
        bool any = false;
        while (tokens.Current.Kind is TokenKind.Text or TokenKind.Number || (tokens.Current.IsSymbol("-") && !any))
        {
            string number = (tokens.TakeSymbol("-") ? "-" : "") + tokens.Take().Text.Trim();
            string[] words = number.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length <= 1)
            {
                words = [number, tokens.Take().Text];
            }

            Add(words, tokens, ref months, ref micros);
            any = true;
        }

        if (!any || (months != 0 && micros != 0))
        {
            throw ExpressionErrors.Unsupported("intervals of months together with days");
        }

        if (tokens.Current.IsWord("TO"))
        {
            throw ExpressionErrors.Unsupported("intervals with TO");
        }

        return Math.Abs(months) <= int.MaxValue ? new IntervalNode((int)months, micros) : throw tokens.Invalid("the interval is too long");
    }

    private static void Add(string[] words, TokenReader tokens, ref long months, ref long micros)
    {
        if (words.Length % 2 != 0)
        {
            throw tokens.Invalid("an interval is a list of numbers, each with a unit");
        }

        for (int i = 0; i < words.Length; i += 2)
        {
            string unit = words[i + 1].ToUpperInvariant().TrimEnd('S');
            if (!long.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count)
                || count is < -int.MaxValue or > int.MaxValue)
            {
                throw ExpressionErrors.Unsupported($"the interval of '{words[i]}' {unit}");
            }

            switch (unit)
            {
                case "YEAR":
                    months += count * 12;
                    break;
                case "MONTH":
                    months += count;
                    break;
                default:
                    Int128 sum = micros + ((Int128)count * MicrosOf(unit));
                    micros = Int128.Abs(sum) <= long.MaxValue ? (long)sum : throw tokens.Invalid("the interval is too long");
                    break;
            }
        }
    }

    private static long MicrosOf(string unit) => unit switch
    {
        "WEEK" => 7 * 86_400 * MicrosPerSecond,
        "DAY" => 86_400 * MicrosPerSecond,
        "HOUR" => 3_600 * MicrosPerSecond,
        "MINUTE" => 60 * MicrosPerSecond,
        "SECOND" => MicrosPerSecond,
        "MILLISECOND" => 1_000,
        "MICROSECOND" => 1,
        _ => throw ExpressionErrors.Unsupported($"the interval unit '{unit}'"),
    };
}
