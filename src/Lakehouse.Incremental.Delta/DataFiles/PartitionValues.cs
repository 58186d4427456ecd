using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Partition values as the log writes them (protocol notes, section 6). Null and the empty string are both null.</summary>
internal static class PartitionValues
{
    private const int MaxDigits = 38;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";
    private const string HiveEscaped = "\"#%'*/:=?\\\u007F{[]^";

    /// <summary>The text of one cell.</summary>
    /// <exception cref="DecoderFallbackException">Bytes that are no UTF-8: the log holds text, from which they would come back as others.</exception>
    public static string? Serialize(IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            return null;
        }

        ArrayData data = array.Data;
        string text = data.DataType switch
        {
            BinaryType => StrictUtf8.GetString(((BinaryArray)array).GetBytes(row, out _)),
            TimestampType type =>
                Calendar.FormatTimestamp(MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span)[data.Offset + row], type.Timezone is not null),
            Date32Type => Calendar.FormatDate(MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span)[data.Offset + row]),
            FloatType => MemoryMarshal.Cast<byte, float>(data.Buffers[1].Span)[data.Offset + row].ToString("R", CultureInfo.InvariantCulture),
            DoubleType => MemoryMarshal.Cast<byte, double>(data.Buffers[1].Span)[data.Offset + row].ToString("R", CultureInfo.InvariantCulture),
            _ => CellText.Format(array, row),
        };
        return text.Length == 0 ? null : text;
    }

    /// <summary>A column that holds the value in every row.</summary>
    /// <exception cref="CorruptTableException">The text is no value of the type.</exception>
    public static IArrowArray Materialize(string? text, Field field, int rows)
    {
        if (string.IsNullOrEmpty(text))
        {
            return NullArrays.Create(field.DataType, rows);
        }

        try
        {
            return ConstantArray.Create(field.DataType, Parse(text, field.DataType), rows);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new CorruptTableException(ErrorCodes.CorruptLog,
                $"'{text}' is no value of partition column {field.Name} of type {field.DataType.Name}.", error);
        }
    }

    /// <summary>The value of a text as <see cref="ConstantArray"/> takes it.</summary>
    public static object Parse(string text, IArrowType type)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return type switch
        {
            StringType => text,
            BinaryType => Encoding.UTF8.GetBytes(text),
            BooleanType => bool.Parse(text),
            Int8Type => sbyte.Parse(text, invariant),
            Int16Type => short.Parse(text, invariant),
            Int32Type => int.Parse(text, invariant),
            Int64Type => long.Parse(text, invariant),
            FloatType => float.Parse(text, invariant),
            DoubleType => double.Parse(text, invariant),
            Date32Type => Calendar.ParseDate(text),
            TimestampType => Calendar.ParseTimestamp(text),
            Decimal128Type number => ParseDecimal(text, number.Scale),
            _ => throw new FormatException($"{type.Name} is no type of a partition column"),
        };
    }

    /// <summary>The directory of a partition, escaped as Hive does, not yet percent-encoded.</summary>
    public static string Directory(IEnumerable<KeyValuePair<string, string?>> values) =>
        string.Concat(values.Select(v => HiveEscape(v.Key) + "=" + (v.Value is null ? HiveNull : HiveEscape(v.Value)) + "/"));

    private static string HiveEscape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            if (c < ' ' || HiveEscaped.Contains(c, StringComparison.Ordinal))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }

    /// <summary>Digits with an optional point and, as some writers print small numbers, an exponent; exact.</summary>
    private static Int128 ParseDecimal(string text, int scale)
    {
        int e = text.IndexOfAny(['e', 'E']);
        string mantissa = e < 0 ? text : text[..e];
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        int zeros = checked(scale + exponent - (point < 0 ? 0 : mantissa.Length - point - 1));
        if (zeros < 0)
        {
            int kept = Math.Max(digits.Length + zeros, 0);
            if (digits.AsSpan(kept).IndexOfAnyExcept("+-0") >= 0)
            {
                throw new FormatException($"{text} has more than {scale} digits after the point");
            }

            digits = kept == 0 || digits[..kept] is "-" or "+" ? "0" : digits[..kept];
        }

        return zeros > MaxDigits
            ? throw new OverflowException($"{text} has too many digits")
            : Int128.Parse(digits + new string('0', Math.Max(zeros, 0)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
