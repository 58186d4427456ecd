using System.Globalization;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// Days and microseconds since the Unix epoch to and from ISO text, in the proleptic Gregorian calendar. The format allows years that the CLR's types
/// do not: before 1 and after 9999.
/// </summary>
internal static class Calendar
{
    private const long MicrosPerDay = 86_400_000_000;

    public static string FormatDate(long days)
    {
        (long year, int month, int day) = FromDays(days);
        string digits = Math.Abs(year).ToString("0000", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(year < 0 ? "-" : year > 9999 ? "+" : "")}{digits}-{month:00}-{day:00}");
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c> for instants; a space and no zone for wall clock times.</summary>
    public static string FormatTimestamp(long micros, bool instant)
    {
        long days = Math.DivRem(micros, MicrosPerDay, out long rest);
        (days, rest) = rest < 0 ? (days - 1, rest + MicrosPerDay) : (days, rest);
        long seconds = rest / 1_000_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{FormatDate(days)}{(instant ? 'T' : ' ')}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}")
            + string.Create(CultureInfo.InvariantCulture, $".{rest % 1_000_000:000000}{(instant ? "Z" : "")}");
    }

    /// <summary><c>yyyy-MM-ddTHH:mm:ss.fffZ</c>, cut downwards; without the zone for wall clock times.</summary>
    public static string FormatMilliseconds(long micros, bool instant)
    {
        long millis = Math.DivRem(micros, 1000, out long cut) - (cut < 0 ? 1 : 0);
        long days = Math.DivRem(millis, 86_400_000, out long rest);
        (days, rest) = rest < 0 ? (days - 1, rest + 86_400_000) : (days, rest);
        long seconds = rest / 1000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{FormatDate(days)}T{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{rest % 1000:000}{(instant ? "Z" : "")}");
    }

    public static int ParseDate(string text)
    {
        bool negative = text.StartsWith('-');
        string[] parts = text.TrimStart('-', '+').Split('-');
        if (parts.Length != 3)
        {
            throw new FormatException($"'{text}' is no date");
        }

        long year = Number(parts[0]) * (negative ? -1 : 1);
        int month = (int)Number(parts[1]);
        int day = (int)Number(parts[2]);
        if (month is < 1 or > 12 || day is < 1 or > 31)
        {
            throw new FormatException($"'{text}' is no date");
        }

        long days = ToDays(year, month, day);
        return FromDays(days) == (year, month, day) ? checked((int)days) : throw new FormatException($"'{text}' is no date");
    }

    /// <summary>
    /// Date and time with <c>T</c> or a space between, up to six digits of a second, and <c>Z</c>, an offset, or nothing, which is read as UTC.
    /// </summary>
    public static long ParseTimestamp(string text)
    {
        int split = text.IndexOfAny(['T', ' ']);
        if (split < 0)
        {
            return ParseDate(text) * MicrosPerDay;
        }

        string clock = text[(split + 1)..];
        long offset = 0;
        if (clock.EndsWith('Z'))
        {
            clock = clock[..^1];
        }
        else if (clock.LastIndexOfAny(['+', '-']) is var sign and > 0)
        {
            offset = Clock(clock[(sign + 1)..]) * (clock[sign] == '-' ? -1 : 1);
            clock = clock[..sign];
        }

        // The first day of all may begin before the first microsecond.
        return checked((long)(((Int128)ParseDate(text[..split]) * MicrosPerDay) + Clock(clock) - offset));
    }

    private static long Clock(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
        {
            throw new FormatException($"'{text}' is no time of day");
        }

        string[] seconds = parts.Length == 3 ? parts[2].Split('.') : ["0"];
        long micros = seconds.Length > 1 ? Number(seconds[1].PadRight(6, '0')[..6]) : 0;
        (long hour, long minute, long second) = (Number(parts[0]), Number(parts[1]), Number(seconds[0]));
        return hour < 24 && minute < 60 && second < 60 && seconds.Length <= 2
            ? (((((hour * 60) + minute) * 60) + second) * 1_000_000) + micros
            : throw new FormatException($"'{text}' is no time of day");
    }

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Days since 1970-01-01; eras of 400 years of 146,097 days, years from March.</summary>
    public static long ToDays(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        long era = (year >= 0 ? year : year - 399) / 400;
        long yearOfEra = year - (era * 400);
        long dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    /// <summary>The date of a number of days since 1970-01-01.</summary>
    public static (long Year, int Month, int Day) FromDays(long days)
    {
        days += 719_468;
        long era = (days >= 0 ? days : days - 146_096) / 146_097;
        long dayOfEra = days - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long shifted = ((5 * dayOfYear) + 2) / 153;
        int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }
}
