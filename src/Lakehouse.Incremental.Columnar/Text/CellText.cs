using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>
/// One cell as culture-free text for messages and reports. Also for types that are not canonical, as messages quote what a caller gave.
/// </summary>
internal static class CellText
{
    /// <summary>Days from 0001-01-01 to 1970-01-01.</summary>
    private const int EpochDay = 719_162;

    /// <summary>The text of a cell; "null" for a null.</summary>
    public static string Format(IArrowArray array, int row)
    {
        string text = Format(array.Data, row);
        GC.KeepAlive(array);
        return text;
    }

    /// <summary>The text of an unscaled decimal.</summary>
    public static string Decimal(BigInteger value, int scale)
    {
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(scale, 0) + 1, '0');
        string sign = value < 0 ? "-" : "";
        return scale <= 0 ? sign + digits + new string('0', value.IsZero ? 0 : -scale) : sign + digits[..^scale] + "." + digits[^scale..];
    }

    private static string Format(ArrayData data, int row)
    {
        if (GatherKernel.IsNull(data, row))
        {
            return "null";
        }

        int index = data.Offset + row;
        return data.DataType switch
        {
            StringType => Encoding.UTF8.GetString(Slice(data, index)),
            BinaryType => "0x" + Convert.ToHexString(Slice(data, index)),
            ListType => "[" + string.Join(", ", Elements(data, index)) + "]",
            MapType => "{" + string.Join(", ", Elements(data, index)) + "}",
            StructType composite => "{" + string.Join(", ", composite.Fields.Select((f, i) => f.Name + ": " + Format(data.Children[i], index))) + "}",
            Decimal32Type type => Decimal(new BigInteger(Bytes(data, index, type.ByteWidth)), type.Scale),
            Decimal64Type type => Decimal(new BigInteger(Bytes(data, index, type.ByteWidth)), type.Scale),
            Decimal128Type type => Decimal(new BigInteger(Bytes(data, index, type.ByteWidth)), type.Scale),
            Decimal256Type type => Decimal(new BigInteger(Bytes(data, index, type.ByteWidth)), type.Scale),
            DictionaryType or LargeStringType or StringViewType or LargeBinaryType or BinaryViewType or FixedSizeBinaryType => Converted(data, row),
            LargeListType or FixedSizeListType => Format(ListLayout.ToList(data.Slice(row, 1)), 0, data.DataType),
            _ => Scalar(data, index),
        };
    }

    private static string Format(ArrayData list, int row, IArrowType layout) => layout switch
    {
        LargeListType type => Format(new ArrayData(new ListType(type.ValueField), list.Length, 0, 0, list.Buffers, list.Children), row),
        _ => Format(new ArrayData(new ListType(((FixedSizeListType)layout).ValueField), list.Length, 0, 0, list.Buffers, list.Children), row),
    };

    private static string Scalar(ArrayData data, int index)
    {
        ReadOnlySpan<byte> bytes = data.Buffers[1].Span;
        return data.DataType switch
        {
            BooleanType => Bitmaps.Get(bytes, index) ? "true" : "false",
            Int8Type => Number<sbyte>(bytes, index),
            UInt8Type => Number<byte>(bytes, index),
            Int16Type => Number<short>(bytes, index),
            UInt16Type => Number<ushort>(bytes, index),
            Int32Type => Number<int>(bytes, index),
            UInt32Type => Number<uint>(bytes, index),
            Int64Type => Number<long>(bytes, index),
            UInt64Type => Number<ulong>(bytes, index),
            HalfFloatType => Number<Half>(bytes, index),
            FloatType => Number<float>(bytes, index),
            DoubleType => Number<double>(bytes, index),
            Date32Type => Date(MemoryMarshal.Cast<byte, int>(bytes)[index]),
            Date64Type => Timestamp(MemoryMarshal.Cast<byte, long>(bytes)[index], TimeUnit.Millisecond, ""),
            TimestampType type => Timestamp(MemoryMarshal.Cast<byte, long>(bytes)[index], type.Unit, string.IsNullOrEmpty(type.Timezone) ? "" : "Z"),
            _ => data.DataType.Name,
        };
    }

    private static string Number<T>(ReadOnlySpan<byte> bytes, int index)
        where T : unmanaged, INumber<T> => MemoryMarshal.Cast<byte, T>(bytes)[index].ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Dates outside of the CLR's range are shown as their number.</summary>
    private static string Date(int days) => days >= -EpochDay && days <= DateOnly.MaxValue.DayNumber - EpochDay
        ? DateOnly.FromDayNumber(days + EpochDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : days.ToString(CultureInfo.InvariantCulture) + " d";

    private static string Timestamp(long value, TimeUnit unit, string suffix)
    {
        (long perSecond, int digits, string name) = unit switch
        {
            TimeUnit.Second => (1L, 0, " s"),
            TimeUnit.Millisecond => (1_000L, 3, " ms"),
            TimeUnit.Microsecond => (1_000_000L, 6, " µs"),
            _ => (1_000_000_000L, 9, " ns"),
        };
        long seconds = Math.DivRem(value, perSecond, out long fraction) - (fraction < 0 ? 1 : 0);
        fraction += fraction < 0 ? perSecond : 0;
        long epoch = DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond;
        if (seconds < -epoch || seconds > (DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond) - epoch)
        {
            return value.ToString(CultureInfo.InvariantCulture) + name;
        }

        string text = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        string decimals = fraction == 0 ? "" : "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');
        return text + decimals + suffix;
    }

    /// <summary>The text of the same value in the plain layout.</summary>
    private static string Converted(ArrayData data, int row)
    {
        IArrowArray one = ArrowArrayFactory.BuildArray(data.Slice(row, 1));
        return one switch
        {
            DictionaryArray dictionary => Format(dictionary.Dictionary, dictionary.EnumeratePhysicalIndices().First()),
            LargeStringArray or StringViewArray => Format(BytesCast.Cast(one, StringType.Default).Array, 0),
            _ => Format(BytesCast.Cast(one, BinaryType.Default).Array, 0),
        };
    }

    private static ReadOnlySpan<byte> Bytes(ArrayData data, int index, int width) => data.Buffers[1].Span.Slice(index * width, width);

    private static ReadOnlySpan<byte> Slice(ArrayData data, int index)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        return data.Buffers[2].Span[offsets[index]..offsets[index + 1]];
    }

    private static IEnumerable<string> Elements(ArrayData data, int index)
    {
        int[] range = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span).Slice(index, 2).ToArray();
        return Enumerable.Range(range[0], range[1] - range[0]).Select(i => Format(data.Children[0], i));
    }
}
