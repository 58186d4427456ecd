using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Expressions.Values;

/// <summary>Calculates with days and microseconds since the Unix epoch.</summary>
internal static class DateMath
{
    public static (long Days, long Micros) Split(long micros)
    {
        long days = Math.DivRem(micros, DateText.MicrosPerDay, out long rest);
        return rest < 0 ? (days - 1, rest + DateText.MicrosPerDay) : (days, rest);
    }

    /// <summary>The same day of another month, or its last day when it has no such day.</summary>
    public static int AddMonths(int days, int months)
    {
        (long year, int month, int day) = Calendar.FromDays(days);
        long count = (year * 12) + month - 1 + months;
        long newYear = Math.DivRem(count, 12, out long newMonth);
        (newYear, newMonth) = newMonth < 0 ? (newYear - 1, newMonth + 12) : (newYear, newMonth);
        int last = LastDay(newYear, (int)newMonth + 1);
        return Days(Calendar.ToDays(newYear, (int)newMonth + 1, Math.Min(day, last)));
    }

    public static long AddMonthsToMicros(long micros, int months)
    {
        (long days, long rest) = Split(micros);
        return Micros(((Int128)AddMonths((int)days, months) * DateText.MicrosPerDay) + rest);
    }

    public static int AddDays(int days, long more) => Days((Int128)days + more);

    public static int LastDay(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static int DayOfYear(int days) => (int)(days - Calendar.ToDays(Calendar.FromDays(days).Year, 1, 1)) + 1;

    /// <summary>1 for Monday to 7 for Sunday.</summary>
    public static int IsoWeekday(int days) => (int)((((days + 3L) % 7) + 7) % 7) + 1;

    /// <summary>The week of the year that has most of its days, from Monday on.</summary>
    public static int IsoWeek(int days)
    {
        int thursday = days - IsoWeekday(days) + 4;
        return ((DayOfYear(thursday) - 1) / 7) + 1;
    }

    public static int Days(Int128 days) => days == (int)days ? (int)days : throw ExpressionErrors.Overflow("a date is out of range");

    public static long Micros(Int128 micros) => micros == (long)micros ? (long)micros
        : throw ExpressionErrors.Overflow("a timestamp is out of range");

    /// <summary>The first day of the year, quarter, month or week of a day; null for other units.</summary>
    public static int? Truncate(int days, string unit)
    {
        (long year, int month, int day) = Calendar.FromDays(days);
        return unit.ToUpperInvariant() switch
        {
            "YEAR" or "YYYY" or "YY" => (int)Calendar.ToDays(year, 1, 1),
            "QUARTER" => (int)Calendar.ToDays(year, ((month - 1) / 3 * 3) + 1, 1),
            "MONTH" or "MM" or "MON" => days - day + 1,
            "WEEK" => days - IsoWeekday(days) + 1,
            _ => null,
        };
    }

    /// <summary>The beginning of the unit a moment lies in; null for what is no unit.</summary>
    public static long? TruncateMicros(long micros, string unit)
    {
        (long days, long rest) = Split(micros);
        long? length = unit.ToUpperInvariant() switch
        {
            "MICROSECOND" => 1,
            "MILLISECOND" => 1_000,
            "SECOND" => 1_000_000,
            "MINUTE" => 60_000_000,
            "HOUR" => 3_600_000_000,
            "DAY" or "DD" => DateText.MicrosPerDay,
            _ => null,
        };
        return length is { } span ? micros - (rest % span)
            : Truncate((int)days, unit) is { } first ? Micros((Int128)first * DateText.MicrosPerDay)
            : null;
    }
}
