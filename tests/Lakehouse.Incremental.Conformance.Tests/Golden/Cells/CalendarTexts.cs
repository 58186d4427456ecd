using System.Globalization;
using System.Text.RegularExpressions;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>Printed dates and timestamps of any year, proleptic Gregorian. A timestamp without zone is taken as UTC.</summary>
internal static partial class CalendarTexts
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    public static long? Days(string text) => Parse(text) is { Microseconds: 0 } moment ? moment.Days : null;

    public static long? Microseconds(string text) => Parse(text) is { } moment ? moment.Days * MicrosecondsPerDay + moment.Microseconds : null;

    private static (long Days, long Microseconds)? Parse(string text)
    {
        Match match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        long year = Number(match, "year");
        long days = DaysOf(match.Groups["bc"].Success ? 1 - year : year, Number(match, "month"), Number(match, "day"));
        string fraction = match.Groups["fraction"].Value;
        long seconds = Number(match, "hour") * 3600 + Number(match, "minute") * 60 + Number(match, "second") - Offset(match);
        return (days, seconds * 1_000_000 + (fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(6, '0')[..6], CultureInfo.InvariantCulture)));
    }

    private static long Offset(Match match)
    {
        long seconds = Number(match, "zoneHour") * 3600 + Number(match, "zoneMinute") * 60;
        return match.Groups["sign"].Value == "-" ? -seconds : seconds;
    }

    private static long Number(Match match, string group) =>
        match.Groups[group].Value is { Length: > 0 } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;

    /// <summary>Days since 1970-01-01, counted in years that begin in March, so that the leap day is the last of its year.</summary>
    private static long DaysOf(long year, long month, long day)
    {
        long shifted = month > 2 ? year : year - 1;
        long era = Math.DivRem(shifted, 400, out long yearOfEra);
        if (yearOfEra < 0)
        {
            era--;
            yearOfEra += 400;
        }

        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    [GeneratedRegex(@"^(?<year>[+-]?\d+)-(?<month>\d{1,2})-(?<day>\d{1,2})"
        + @"([ T](?<hour>\d{1,2}):(?<minute>\d{2})(:(?<second>\d{2})(\.(?<fraction>\d+))?)?"
        + @"\s?(Z|UTC|(?<sign>[+-])(?<zoneHour>\d{2})(:?(?<zoneMinute>\d{2}))?)?)?(?<bc> \(BC\))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
