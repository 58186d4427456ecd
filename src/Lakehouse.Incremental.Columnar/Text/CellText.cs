using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Columnar;

/// <summary>One cell as culture-free text for messages and reports.</summary>
internal static class CellText
{
    public static string Format(IArrowArray array, int row) => Format(array.Data, row);

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
            _ => Scalar(data, index),
        };
    }

    private static string Scalar(ArrayData data, int index)
    {
        ReadOnlySpan<byte> bytes = data.Buffers[1].Span;
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return data.DataType switch
        {
            BooleanType => BitUtility.GetBit(bytes, index) ? "true" : "false",
            Int8Type => ((sbyte)bytes[index]).ToString(invariant),
            Int16Type => MemoryMarshal.Cast<byte, short>(bytes)[index].ToString(invariant),
            Int32Type => MemoryMarshal.Cast<byte, int>(bytes)[index].ToString(invariant),
            Int64Type => MemoryMarshal.Cast<byte, long>(bytes)[index].ToString(invariant),
            FloatType => MemoryMarshal.Cast<byte, float>(bytes)[index].ToString(invariant),
            DoubleType => MemoryMarshal.Cast<byte, double>(bytes)[index].ToString(invariant),
            Date32Type => Date(MemoryMarshal.Cast<byte, int>(bytes)[index]),
            TimestampType type => Timestamp(MemoryMarshal.Cast<byte, long>(bytes)[index], type.Timezone is null ? "" : "Z"),
            Decimal128Type type => Decimal(MemoryMarshal.Read<Int128>(bytes[(index * 16)..]), type.Scale),
            _ => data.DataType.Name,
        };
    }

    public static string Decimal(Int128 value, int scale)
    {
        string digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string sign = value < 0 ? "-" : "";
        return scale == 0 ? sign + digits : sign + digits[..^scale] + "." + digits[^scale..];
    }

    /// <summary>Dates outside of the CLR's range are shown as their number.</summary>
    private static string Date(int days) => days is >= -719_162 and <= 2_932_896
        ? DateOnly.FromDayNumber(days + 719_162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : days.ToString(CultureInfo.InvariantCulture) + " d";

    private static string Timestamp(long micros, string suffix)
    {
        long ticks = DateTime.UnixEpoch.Ticks;
        return micros >= -ticks / 10 && micros <= (DateTime.MaxValue.Ticks - ticks) / 10
            ? DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture) + suffix
            : micros.ToString(CultureInfo.InvariantCulture) + " µs";
    }

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
