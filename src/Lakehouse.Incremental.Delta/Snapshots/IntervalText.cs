using System.Globalization;

namespace Lakehouse.Incremental.Delta.Snapshots;

/// <summary>Reads durations of table properties: <c>interval 1 week</c>, <c>2 days 3 hours</c>. Months and years are refused.</summary>
internal static class IntervalText
{
    private static readonly (string Unit, long Ticks)[] s_units =
    [
        ("week", TimeSpan.TicksPerDay * 7),
        ("day", TimeSpan.TicksPerDay),
        ("hour", TimeSpan.TicksPerHour),
        ("minute", TimeSpan.TicksPerMinute),
        ("second", TimeSpan.TicksPerSecond),
        ("millisecond", TimeSpan.TicksPerMillisecond),
        ("microsecond", TimeSpan.TicksPerMicrosecond),
    ];

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int first = words.Length > 0 && words[0].Equals("interval", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (words.Length == first || (words.Length - first) % 2 != 0)
        {
            return false;
        }

        Int128 ticks = 0;
        for (int i = first; i < words.Length; i += 2)
        {
            long unit = UnitTicks(words[i + 1]);
            if (unit == 0 || !long.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count))
            {
                return false;
            }

            ticks += (Int128)count * unit;
        }

        if (ticks < 0 || ticks > long.MaxValue)
        {
            return false;
        }

        value = new TimeSpan((long)ticks);
        return true;
    }

    private static long UnitTicks(string word)
    {
        foreach ((string unit, long ticks) in s_units)
        {
            if (word.Equals(unit, StringComparison.OrdinalIgnoreCase) || word.Equals(unit + "s", StringComparison.OrdinalIgnoreCase))
            {
                return ticks;
            }
        }

        return 0;
    }
}
