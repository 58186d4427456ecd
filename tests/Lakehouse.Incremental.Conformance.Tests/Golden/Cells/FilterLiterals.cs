using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>Cells as literals of a filter.</summary>
internal static class FilterLiterals
{
    private const long TicksPerMicrosecond = 10;

    /// <summary>Null for a null, for types that no literal has, and for values outside of what .NET types hold.</summary>
    public static object? Of(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        StringArray a => a.GetString(row),
        BooleanArray a => a.GetValue(row),
        Int8Array a => (long?)a.GetValue(row),
        Int16Array a => (long?)a.GetValue(row),
        Int32Array a => (long?)a.GetValue(row),
        Int64Array a => a.GetValue(row),
        FloatArray a => a.GetValue(row),
        DoubleArray a => a.GetValue(row),
        Decimal128Array a => Number(a.GetString(row)),
        Date32Array a => Day(a.Values[row]),
        TimestampArray a => Moment(a.Values[row], ((TimestampType)a.Data.DataType).Timezone is not null),
        BinaryArray a when array.Data.DataType is BinaryType => a.GetBytes(row).ToArray(),
        _ => null,
    };

    private static object? Number(string text) =>
        decimal.TryParse(text, out decimal value) && text.Count(char.IsAsciiDigit) <= 28 ? value : null;

    private static object? Day(int days) =>
        (long)days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber is var number and >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : null;

    private static object? Moment(long microseconds, bool zoned)
    {
        long least = -DateTime.UnixEpoch.Ticks / TicksPerMicrosecond;
        long greatest = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;
        if (microseconds < least || microseconds > greatest)
        {
            return null;
        }

        DateTime moment = DateTime.UnixEpoch.AddTicks(microseconds * TicksPerMicrosecond);
        return zoned ? new DateTimeOffset(moment) : (object)DateTime.SpecifyKind(moment, DateTimeKind.Unspecified);
    }
}
