using System.Globalization;
using Calendar = Lakehouse.Incremental.Delta.DataFiles.Calendar;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>
/// Dates and timestamps as text in the forms that Spark's casts take: parts may lack leading zeros and may be left out from the end. Without a zone a
/// text is in UTC.
/// </summary>
internal static class DateText
{
    public const long MicrosPerDay = 86_400_000_000;
    private const long MicrosPerSecond = 1_000_000;
    private const int MaxFraction = 9;

    public static bool TryParseDate(ReadOnlySpan<char> text, out int days) => TryDate(text.Trim(), out days, out ReadOnlySpan<char> rest)
        && (rest.IsEmpty || rest[0] is ' ' or 'T');

    /// <param name="text">Date, or date and time.</param>
    /// <param name="allowZone">Whether a zone counts; otherwise it is skipped, because wall clock times have none.</param>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, bool allowZone, out long micros)
    {
        micros = 0;
        if (!TryDate(text.Trim(), out int days, out ReadOnlySpan<char> rest))
        {
            return false;
        }

        long time = 0;
        long offset = 0;
        if (!rest.IsEmpty && (rest[0] is not (' ' or 'T') || !TryTime(rest[1..], out time, out rest) || !TryZone(rest.Trim(), out offset)))
        {
            return false;
        }

        Int128 sum = ((Int128)days * MicrosPerDay) + time - (allowZone ? offset : 0);
        micros = (long)sum;
        return sum == micros;
    }

    /// <summary><c>yyyy-MM-dd HH:mm:ss</c> and as many digits of a second as it has.</summary>
    public static string FormatTimestamp(long micros)
    {
        string text = Calendar.FormatTimestamp(micros, instant: false).TrimEnd('0');
        return text.EndsWith('.') ? text[..^1] : text;
    }

    private static bool TryDate(ReadOnlySpan<char> text, out int days, out ReadOnlySpan<char> rest)
    {
        days = 0;
        rest = text;
        bool negative = text.StartsWith("-");
        rest = rest.IsEmpty || rest[0] is not ('-' or '+') ? rest : rest[1..];
        int month = 1;
        int day = 1;
        if (!TryNumber(ref rest, 4, 7, out int year)
            || (Skip(ref rest, '-') && (!TryNumber(ref rest, 1, 2, out month) || (Skip(ref rest, '-') && !TryNumber(ref rest, 1, 2, out day)))))
        {
            return false;
        }

        return TryDays(negative ? -year : year, month, day, out days);
    }

    /// <summary>The days of a date, if there is such a date.</summary>
    public static bool TryDays(long year, int month, int day, out int days)
    {
        days = 0;
        if (month is < 1 or > 12 || day is < 1 or > 31 || Math.Abs(year) > 5_000_000)
        {
            return false;
        }

        days = (int)Calendar.ToDays(year, month, day);
        return Calendar.FromDays(days) == (year, month, day);
    }

    private static bool TryTime(ReadOnlySpan<char> text, out long micros, out ReadOnlySpan<char> rest)
    {
        micros = 0;
        rest = text;
        int second = 0;
        if (!TryNumber(ref rest, 1, 2, out int hour) || !Skip(ref rest, ':') || !TryNumber(ref rest, 1, 2, out int minute)
            || (Skip(ref rest, ':') && !TryNumber(ref rest, 1, 2, out second)))
        {
            return false;
        }

        long fraction = 0;
        if (Skip(ref rest, '.'))
        {
            int digits = 0;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                digits++;
            }

            if (digits > MaxFraction)
            {
                return false;
            }

            string padded = rest[..digits].ToString().PadRight(6, '0')[..6];
            fraction = long.Parse(padded, NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
        }

        micros = (((((hour * 60L) + minute) * 60) + second) * MicrosPerSecond) + fraction;
        return hour < 24 && minute < 60 && second < 60;
    }

    private static bool TryZone(ReadOnlySpan<char> zone, out long offset)
    {
        offset = 0;
        foreach (string name in (ReadOnlySpan<string>)["UTC", "GMT", "UT"])
        {
            if (zone.StartsWith(name, StringComparison.Ordinal))
            {
                zone = zone[name.Length..];
                break;
            }
        }

        if (zone.IsEmpty || zone is "Z")
        {
            return true;
        }

        if (zone[0] is not ('+' or '-'))
        {
            return zone.Contains('/') ? throw ExpressionErrors.Unsupported($"the time zone '{zone}'") : false;
        }

        bool negative = zone[0] == '-';
        zone = zone[1..];
        int minutes = 0;
        int seconds = 0;
        int hours;
        if (zone.Length == 4 && !zone.Contains(':'))
        {
            if (!TryNumber(ref zone, 2, 2, out hours) || !TryNumber(ref zone, 2, 2, out minutes))
            {
                return false;
            }
        }
        else if (!TryNumber(ref zone, 1, 2, out hours)
            || (Skip(ref zone, ':') && (!TryNumber(ref zone, 1, 2, out minutes) || (Skip(ref zone, ':') && !TryNumber(ref zone, 2, 2, out seconds)))))
        {
            return false;
        }

        offset = ((((hours * 60L) + minutes) * 60) + seconds) * MicrosPerSecond * (negative ? -1 : 1);
        return zone.IsEmpty && hours <= 18 && minutes < 60 && seconds < 60;
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char c)
    {
        if (text.IsEmpty || text[0] != c)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    /// <summary>Takes digits from the front of a text.</summary>
    internal static bool TryNumber(ref ReadOnlySpan<char> text, int least, int most, out int value)
    {
        int digits = 0;
        value = 0;
        while (digits < text.Length && digits < most && char.IsAsciiDigit(text[digits]))
        {
            value = (value * 10) + text[digits] - '0';
            digits++;
        }

        text = text[digits..];
        return digits >= least;
    }
}
