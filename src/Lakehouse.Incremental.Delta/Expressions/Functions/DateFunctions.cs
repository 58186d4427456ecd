using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions on dates and timestamps, in UTC.</summary>
internal static class DateFunctions
{
    private const long MicrosPerSecond = 1_000_000;
    private const int MostCountedMonthDays = 31;
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    private static readonly DataType Text = PrimitiveType.String;
    private static readonly DataType Whole = PrimitiveType.Integer;
    private static readonly DataType Long = PrimitiveType.Long;
    private static readonly DataType Date = PrimitiveType.Date;
    private static readonly DataType Moment = PrimitiveType.Timestamp;

    public static void AddTo(FunctionTable table)
    {
        AddParts(table);
        AddArithmetic(table);
        AddConversions(table);
    }

    private static void AddParts(FunctionTable table)
    {
        table.Add<int, int>("year", Date, Whole, static days => (int)Calendar.FromDays(days).Year);
        table.Add<int, int>("month", Date, Whole, static days => Calendar.FromDays(days).Month);
        table.Add<int, int>("day", Date, Whole, static days => Calendar.FromDays(days).Day);
        table.Alias("dayofmonth", "day");
        table.Add<int, int>("dayofweek", Date, Whole, static days => (DateMath.IsoWeekday(days) % 7) + 1);
        table.Add<int, int>("weekday", Date, Whole, static days => DateMath.IsoWeekday(days) - 1);
        table.Add<int, int>("dayofyear", Date, Whole, static days => DateMath.DayOfYear(days));
        table.Add<int, int>("weekofyear", Date, Whole, static days => DateMath.IsoWeek(days));
        table.Add<int, int>("quarter", Date, Whole, static days => ((Calendar.FromDays(days).Month - 1) / 3) + 1);
        AddTimePart(table, "hour", 3600 * MicrosPerSecond, 24);
        AddTimePart(table, "minute", 60 * MicrosPerSecond, 60);
        AddTimePart(table, "second", MicrosPerSecond, 60);
    }

    private static void AddTimePart(FunctionTable table, string name, long unit, int count) => table.Add(name, 1, arguments =>
    {
        BoundNode moment = AsMoment(arguments[0], name);
        return new BoundCall(Whole, [moment], (values, scope) => RowsKernel.Map<long, int>(
            SqlTypes.Arrow(Whole), values[0], scope, micros => (int)(DateMath.Split(micros).Micros / unit % count)));
    });

    private static void AddArithmetic(FunctionTable table)
    {
        table.Add("date_add", 2, static a => DateOperators.AddDays(a[0], a[1], 1));
        table.Alias("dateadd", "date_add");
        table.Add("date_sub", 2, static a => DateOperators.AddDays(a[0], a[1], -1));
        table.Add<int, int, int>("datediff", Date, Date, Whole, static (end, start) =>
            (int)Math.Clamp((long)end - start, int.MinValue, int.MaxValue));
        table.Alias("date_diff", "datediff");
        table.Add<int, int, int>("add_months", Date, Whole, Date, static (days, months) => DateMath.AddMonths(days, months));
        table.Add<int, int>("last_day", Date, Date, static days =>
            Calendar.FromDays(days) is var (year, month, day) ? days - day + DateMath.LastDay(year, month) : days);
        table.Add<int, string, int>("next_day", Date, Text, Date, static (days, name) =>
            System.Array.FindIndex(Weekdays, day => name.Trim().StartsWith(day, StringComparison.OrdinalIgnoreCase)) is var wanted and >= 0
                ? DateMath.AddDays(days, ((wanted + 1 - DateMath.IsoWeekday(days) + 6) % 7) + 1)
                : Maybe<int>.Null);
        table.Add<int, string, int>("trunc", Date, Text, Date, static (days, unit) => DateMath.Truncate(days, unit) ?? Maybe<int>.Null);
        table.Add<string, long, long>("date_trunc", Text, Moment, Moment, static (unit, micros) =>
            DateMath.TruncateMicros(micros, unit) ?? Maybe<long>.Null);
        table.Add<int, int, int, int>("make_date", Whole, Whole, Whole, Date, static (year, month, day) =>
            DateText.TryDays(year, month, day, out int days) ? days : Maybe<int>.Null);
        table.Add<long, long, double>("months_between", Moment, Moment, PrimitiveType.Double, static (later, earlier) =>
            MonthsBetween(later, earlier));
    }

    private static void AddConversions(FunctionTable table)
    {
        table.Add("to_date", 1, static a => Coercion.Implicit(a[0], Date, "to_date"));
        table.Alias("date", "to_date");
        table.Add("to_timestamp", 1, static a => AsMoment(a[0], "to_timestamp"));
        table.Alias("timestamp", "to_timestamp");
        table.Add("to_date", 2, static a => Parsed(a, Date, "to_date", static micros => (int)DateMath.Split(micros).Days));
        table.Add("to_timestamp", 2, static a => Parsed(a, Moment, "to_timestamp", static micros => micros));
        table.Add("unix_timestamp", 2, static a => Parsed(a, Long, "unix_timestamp", static micros => Seconds(micros)));
        table.Alias("to_unix_timestamp", "unix_timestamp");
        table.Add("unix_timestamp", 1, static a => a[0].Type == Text
            ? FunctionCatalog.Bind("unix_timestamp", [a[0], new BoundLiteral("yyyy-MM-dd HH:mm:ss", Text)])
            : new BoundCall(Long, [AsMoment(a[0], "unix_timestamp")], static (values, scope) =>
                RowsKernel.Map<long, long>(SqlTypes.Arrow(Long), values[0], scope, static micros => Seconds(micros))));
        table.Add<long, long>("unix_micros", Moment, Long, static micros => micros);
        table.Add<long, long>("unix_millis", Moment, Long, static micros => (micros - Rest(micros, 1000)) / 1000);
        table.Add<long, long>("unix_seconds", Moment, Long, static micros => Seconds(micros));
        table.Add<int, int>("unix_date", Date, Whole, static days => days);
        table.Add<int, int>("date_from_unix_date", Whole, Date, static days => days);
        table.Add<long, long>("timestamp_seconds", Long, Moment, static seconds => DateMath.Micros((Int128)seconds * MicrosPerSecond));
        table.Add<long, long>("timestamp_millis", Long, Moment, static millis => DateMath.Micros((Int128)millis * 1000));
        table.Add<long, long>("timestamp_micros", Long, Moment, static micros => micros);
        table.Add("from_unixtime", 1, static a => FunctionCatalog.Bind("from_unixtime", [a[0], new BoundLiteral("yyyy-MM-dd HH:mm:ss", Text)]));
        table.Add("from_unixtime", 2, static a => Formatted(
            FunctionCatalog.Bind("timestamp_seconds", [a[0]]), Coercion.Implicit(a[1], Text, "from_unixtime")));
        table.Add("date_format", 2, static a => Formatted(AsMoment(a[0], "date_format"), Coercion.Implicit(a[1], Text, "date_format")));
    }

    private static BoundNode AsMoment(BoundNode node, string name) =>
        node.Type == PrimitiveType.TimestampNtz ? node : Coercion.Implicit(node, Moment, name);

    private static BoundCall Formatted(BoundNode moment, BoundNode pattern) => new(Text, [moment, pattern], static (values, scope) =>
    {
        Dictionary<string, DatePattern> patterns = new(StringComparer.Ordinal);
        return RowsKernel.Map<long, string, string>(
            SqlTypes.Arrow(Text), values[0], values[1], scope, (micros, text) => Pattern(patterns, text).Format(micros));
    });

    private static BoundNode Parsed<T>(IReadOnlyList<BoundNode> arguments, DataType type, string name, Func<long, T> result)
    {
        if (arguments[0].Type != Text)
        {
            return name == "unix_timestamp" ? FunctionCatalog.Bind(name, [arguments[0]]) : Coercion.Implicit(arguments[0], type, name);
        }

        BoundNode[] values = [arguments[0], Coercion.Implicit(arguments[1], Text, name)];
        return new BoundCall(type, values, (vectors, scope) =>
        {
            Dictionary<string, DatePattern> patterns = new(StringComparer.Ordinal);
            return RowsKernel.Map<string, string, T>(SqlTypes.Arrow(type), vectors[0], vectors[1], scope, (text, pattern) =>
                Pattern(patterns, pattern).Parse(text) is { } micros ? result(micros) : Maybe<T>.Null);
        });
    }

    private static DatePattern Pattern(Dictionary<string, DatePattern> patterns, string text)
    {
        if (!patterns.TryGetValue(text, out DatePattern? pattern))
        {
            patterns.Add(text, pattern = new DatePattern(text));
        }

        return pattern;
    }

    private static long Seconds(long micros) => (micros - Rest(micros, MicrosPerSecond)) / MicrosPerSecond;

    private static long Rest(long value, long unit) => ((value % unit) + unit) % unit;

    // Whole months when both are on the same day or both on the last; else the rest counts as parts of 31 days. Eight digits.
    private static double MonthsBetween(long later, long earlier)
    {
        ((long days1, long time1), (long days2, long time2)) = (DateMath.Split(later), DateMath.Split(earlier));
        ((long year1, int month1, int day1), (long year2, int month2, int day2)) = (Calendar.FromDays(days1), Calendar.FromDays(days2));
        double months = ((year1 - year2) * 12) + month1 - month2;
        if (day1 == day2 || (day1 == DateMath.LastDay(year1, month1) && day2 == DateMath.LastDay(year2, month2)))
        {
            return months;
        }

        double seconds = ((day1 - day2) * 86_400d) + ((time1 - time2) / MicrosPerSecond);
        return Math.Round((months + (seconds / (MostCountedMonthDays * 86_400d))) * 1e8, MidpointRounding.AwayFromZero) / 1e8;
    }
}
