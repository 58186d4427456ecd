using System.Globalization;
using System.Text;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Calendar = Lakehouse.Incremental.Delta.DataFiles.Calendar;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>A pattern of date_format, to_date and the like: letters as Spark has them, the common ones only; others are refused by name.</summary>
internal sealed class DatePattern
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;
    private readonly List<(char Letter, int Count, string Text)> _parts = [];

    public DatePattern(string pattern)
    {
        for (int i = 0; i < pattern.Length;)
        {
            char c = pattern[i];
            if (c == '\'')
            {
                i = Quoted(pattern, i);
            }
            else if (char.IsAsciiLetter(c))
            {
                int end = i;
                while (end < pattern.Length && pattern[end] == c)
                {
                    end++;
                }

                _parts.Add((c, Known(c, end - i, pattern), ""));
                i = end;
            }
            else if (c is '[' or ']' or '#' or '{' or '}')
            {
                throw ExpressionErrors.Unsupported($"'{c}' in the date pattern '{ExpressionErrors.Quote(pattern)}'");
            }
            else
            {
                _parts.Add(('\0', 0, c.ToString()));
                i++;
            }
        }
    }

    public string Format(long micros)
    {
        (long days, long time) = DateMath.Split(micros);
        (long year, int month, int day) = Calendar.FromDays(days);
        StringBuilder text = new();
        foreach ((char letter, int count, string literal) in _parts)
        {
            text.Append(letter switch
            {
                '\0' => literal,
                'y' => count == 2 ? Padded(((year % 100) + 100) % 100, 2) : (year < 0 ? "-" : "") + Padded(Math.Abs(year), count),
                'M' => count >= 3 ? Month(month, count) : Padded(month, count),
                'd' => Padded(day, count),
                'D' => Padded(DateMath.DayOfYear((int)days), count),
                'H' => Padded(time / 3_600_000_000, count),
                'h' => Padded((((time / 3_600_000_000) + 11) % 12) + 1, count),
                'm' => Padded(time / 60_000_000 % 60, count),
                's' => Padded(time / 1_000_000 % 60, count),
                'S' => Padded(time % 1_000_000, 6).PadRight(count, '0')[..count],
                'a' => time < DateText.MicrosPerDay / 2 ? "AM" : "PM",
                'E' => Weekday(DateMath.IsoWeekday((int)days), count),
                'q' or 'Q' => Padded(((month - 1) / 3) + 1, count),
                _ => count == 1 ? "Z" : "+00:00",
            });
        }

        return text.ToString();
    }

    /// <summary>Null for a text that is not of the pattern.</summary>
    public long? Parse(string input)
    {
        (int year, int month, int day) = (1970, 1, 1);
        (int hour, int minute, int second, int fraction) = (0, 0, 0, 0);
        bool? afternoon = null;
        bool halves = false;
        ReadOnlySpan<char> text = input.AsSpan();
        for (int i = 0; i < _parts.Count; i++)
        {
            (char letter, int count, string literal) = _parts[i];

            // Digits that run into those of the next part have a fixed number.
            bool isFixed = i + 1 < _parts.Count && _parts[i + 1].Letter != '\0';
            int most = isFixed || count > 1 ? count : 2;
            bool read = letter switch
            {
                '\0' => Skip(ref text, literal),
                'y' when count == 2 => DateText.TryNumber(ref text, 2, 2, out year) && (year += 2000) > 0,
                'y' => DateText.TryNumber(ref text, count == 1 ? 1 : count, isFixed ? count : 6, out year),
                'M' when count >= 3 => TryMonth(ref text, count, out month),
                'M' => DateText.TryNumber(ref text, count, most, out month),
                'd' => DateText.TryNumber(ref text, count, most, out day),
                'H' => DateText.TryNumber(ref text, count, most, out hour),
                'h' => (halves = true) && DateText.TryNumber(ref text, count, most, out hour) && hour is >= 1 and <= 12,
                'm' => DateText.TryNumber(ref text, count, most, out minute),
                's' => DateText.TryNumber(ref text, count, most, out second),
                'S' => TryFraction(ref text, count, out fraction),
                'a' => TryHalf(ref text, out afternoon),
                _ => throw ExpressionErrors.Unsupported($"the letter '{letter}' in a date pattern that is parsed"),
            };
            if (!read)
            {
                return null;
            }
        }

        hour = halves ? (hour % 12) + (afternoon == true ? 12 : 0) : hour;
        return text.IsEmpty && hour < 24 && minute < 60 && second < 60 && DateText.TryDays(year, month, day, out int days)
            ? DateMath.Micros(((Int128)days * DateText.MicrosPerDay) + (((((hour * 60L) + minute) * 60) + second) * 1_000_000) + fraction)
            : null;
    }

    private int Quoted(string pattern, int start)
    {
        int end = pattern.IndexOf('\'', start + 1);
        if (end < 0)
        {
            throw ExpressionErrors.Failed($"the date pattern '{ExpressionErrors.Quote(pattern)}' does not end");
        }

        _parts.Add(('\0', 0, end == start + 1 ? "'" : pattern[(start + 1)..end]));
        return end + 1;
    }

    private static int Known(char letter, int count, string pattern)
    {
        int most = letter switch
        {
            'y' => 6,
            'M' or 'E' => 4,
            'd' or 'H' or 'h' or 'm' or 's' => 2,
            'D' => 3,
            'S' => 9,
            'a' => 1,
            'q' or 'Q' => 2,
            'X' => 3,
            _ => 0,
        };
        return count <= most && !(letter == 'X' && count == 2) ? count : throw ExpressionErrors.Unsupported(
            $"'{new string(letter, count)}' in the date pattern '{ExpressionErrors.Quote(pattern)}'");
    }

    private static string Padded(long value, int digits) => value.ToString(English).PadLeft(digits, '0');

    private static string Month(int month, int count) =>
        count == 3 ? English.DateTimeFormat.GetAbbreviatedMonthName(month) : English.DateTimeFormat.GetMonthName(month);

    private static string Weekday(int isoWeekday, int count)
    {
        DayOfWeek day = (DayOfWeek)(isoWeekday % 7);
        return count == 4 ? English.DateTimeFormat.GetDayName(day) : English.DateTimeFormat.GetAbbreviatedDayName(day);
    }

    private static bool Skip(ref ReadOnlySpan<char> text, string literal)
    {
        bool found = text.StartsWith(literal, StringComparison.Ordinal);
        text = found ? text[literal.Length..] : text;
        return found;
    }

    private static bool TryMonth(ref ReadOnlySpan<char> text, int count, out int month)
    {
        for (month = 1; month <= 12; month++)
        {
            if (Skip(ref text, Month(month, count)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> text, int count, out int micros)
    {
        int before = text.Length;
        if (!DateText.TryNumber(ref text, count, count, out int digits))
        {
            micros = 0;
            return false;
        }

        int read = before - text.Length;
        micros = read <= 6 ? digits * (int)Math.Pow(10, 6 - read) : digits / (int)Math.Pow(10, read - 6);
        return true;
    }

    private static bool TryHalf(ref ReadOnlySpan<char> text, out bool? afternoon)
    {
        afternoon = text.StartsWith("PM", StringComparison.OrdinalIgnoreCase) ? true
            : text.StartsWith("AM", StringComparison.OrdinalIgnoreCase) ? false : null;
        text = afternoon is null ? text : text[2..];
        return afternoon is not null;
    }
}
