using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Columns of the model as Arrow arrays, and back, value by value.</summary>
internal static class ArrowColumns
{
    private const int DecimalScale = 10;

    private const long MicrosecondTicks = TimeSpan.TicksPerMillisecond / 1000;

    public static IArrowType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => StringType.Default,
        ColumnType.Long => Int64Type.Default,
        ColumnType.Integer => Int32Type.Default,
        ColumnType.Short => Int16Type.Default,
        ColumnType.Double => DoubleType.Default,
        ColumnType.Float => FloatType.Default,
        ColumnType.Decimal => new Decimal128Type(38, DecimalScale),
        ColumnType.Date => Date32Type.Default,
        ColumnType.Timestamp => new TimestampType(TimeUnit.Microsecond, "UTC"),
        ColumnType.LocalTimestamp => new TimestampType(TimeUnit.Microsecond, (string?)null),
        ColumnType.Boolean => BooleanType.Default,
        ColumnType.Binary => BinaryType.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static IArrowArray ToArray(ColumnType type, IReadOnlyList<object?> values)
    {
        switch (type)
        {
            case ColumnType.Text:
                StringArray.Builder text = new();
                return Fill(values, v => text.Append((string)v), () => text.AppendNull(), () => text.Build());
            case ColumnType.Boolean:
                BooleanArray.Builder boolean = new();
                return Fill(values, v => boolean.Append((bool)v), () => boolean.AppendNull(), () => boolean.Build());
            case ColumnType.Binary:
                BinaryArray.Builder binary = new();
                return Fill(values, v => binary.Append(((byte[])v).AsSpan()), () => binary.AppendNull(), () => binary.Build());
            case ColumnType.Decimal:
                Decimal128Array.Builder number = new(new Decimal128Type(38, DecimalScale));
                return Fill(values, v => number.Append((decimal)v), () => number.AppendNull(), () => number.Build());
            case ColumnType.Double:
                DoubleArray.Builder real = new();
                return Fill(values, v => real.Append((double)v), () => real.AppendNull(), () => real.Build());
            case ColumnType.Float:
                FloatArray.Builder single = new();
                return Fill(values, v => single.Append((float)v), () => single.AppendNull(), () => single.Build());
            case ColumnType.Short:
                Int16Array.Builder small = new();
                return Fill(values, v => small.Append((short)v), () => small.AppendNull(), () => small.Build());
            case ColumnType.Integer or ColumnType.Date:
                Int32Array.Builder integer = new();
                return OfType(
                    type,
                    Fill(values, v => integer.Append(v is DateOnly d ? Days(d) : (int)v), () => integer.AppendNull(), () => integer.Build()));
            default:
                Int64Array.Builder number64 = new();
                return OfType(type, Fill(values, v => number64.Append(Long(v)), () => number64.AppendNull(), () => number64.Build()));
        }
    }

    /// <summary>Lists of texts.</summary>
    public static IArrowArray ToLists(IReadOnlyList<string[]?> lists)
    {
        ListArray.Builder builder = new(StringType.Default);
        StringArray.Builder texts = (StringArray.Builder)builder.ValueBuilder;
        foreach (string[]? list in lists)
        {
            if (list is null)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append();
                texts.AppendRange(list);
            }
        }

        return builder.Build();
    }

    /// <summary>The value of a cell; a list of texts is one text, and so is a struct.</summary>
    public static object? ValueAt(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        StringArray a => a.GetString(row),
        Int64Array a => a.GetValue(row),
        Int32Array a => a.GetValue(row),
        Int16Array a => a.GetValue(row),
        DoubleArray a => a.GetValue(row),
        FloatArray a => a.GetValue(row),
        BooleanArray a => a.GetValue(row),
        BinaryArray a => a.GetBytes(row).ToArray(),
        Decimal128Array a => Canonical.Value(decimal.Parse(a.GetString(row)!, CultureInfo.InvariantCulture)),
        Date32Array a => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(a.GetValue(row)!.Value),
        TimestampArray a when ((TimestampType)a.Data.DataType).Timezone is null => new DateTime(Ticks(a.GetValue(row)!.Value)),
        TimestampArray a => new DateTimeOffset(Ticks(a.GetValue(row)!.Value), TimeSpan.Zero),
        StructArray a => $"{{{Canonical.Text(a.Fields.Select(f => ValueAt(f, row)))}}}",
        ListArray a => string.Join(' ', Enumerable.Range(0, a.GetValueLength(row)).Select(i => ((StringArray)a.Values).GetString(a.ValueOffsets[row] + i))),
        _ => throw new ArgumentException($"{array.Data.DataType.Name} is no type of the model"),
    };

    private static IArrowArray Fill(IEnumerable<object?> values, Action<object> append, Action appendNull, Func<IArrowArray> build)
    {
        foreach (object? value in values)
        {
            if (value is null)
            {
                appendNull();
            }
            else
            {
                append(value);
            }
        }

        return build();
    }

    private static IArrowArray OfType(ColumnType type, IArrowArray array) => ArrowArrayFactory.BuildArray(
        new ArrayData(TypeOf(type), array.Length, array.NullCount, array.Offset, array.Data.Buffers));

    private static int Days(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static long Long(object value) => value switch
    {
        DateTimeOffset t => Microseconds(t.UtcTicks),
        DateTime t => Microseconds(t.Ticks),
        _ => (long)value,
    };

    private static long Microseconds(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / MicrosecondTicks;

    private static long Ticks(long microseconds) => DateTime.UnixEpoch.Ticks + (microseconds * MicrosecondTicks);
}
