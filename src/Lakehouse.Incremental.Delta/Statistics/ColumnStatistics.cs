using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.Statistics;

/// <summary>Statistics of one column: of a struct those of its fields, else the number of nulls and, where the type has them, bounds.</summary>
internal sealed class ColumnStatistics
{
    private const long MicrosPerMilli = 1000;

    private readonly IArrowType _type;

    private ColumnStatistics(string name, IArrowType type)
    {
        Name = name;
        _type = type;
    }

    public string Name { get; }

    public IReadOnlyList<ColumnStatistics>? Children { get; private init; }

    public long NullCount { get; private set; }

    /// <summary>A long, double, Int128 or string; null when the column has no lower bound.</summary>
    public object? Min { get; private set; }

    public object? Max { get; private set; }

    /// <summary>Collects a column; null when it is beyond the columns that statistics are kept for.</summary>
    /// <param name="field">The column, or field of a struct, under the name the statistics give it.</param>
    /// <param name="data">Its values.</param>
    /// <param name="parentNull">Where the struct around it is null; null where there is none.</param>
    /// <param name="indexed">The columns that statistics are kept for.</param>
    /// <param name="parent">The path of the struct around it.</param>
    public static ColumnStatistics? Of(
        Field field, IReadOnlyList<ArrayData> data, IReadOnlyList<bool[]>? parentNull, IndexedColumns indexed, string parent)
    {
        if (field.DataType is StructType structure && !VariantSchema.Marks(field))
        {
            List<ColumnStatistics> children = [];
            bool[][] isNull = [.. data.Select((d, b) => Nulls(d, parentNull?[b]))];
            for (int i = 0; i < structure.Fields.Count; i++)
            {
                int position = i;
                ArrayData[] child = [.. data.Select(d => d.Children[position].Slice(d.Offset, d.Length))];
                if (Of(structure.Fields[i], child, isNull, indexed, IndexedColumns.Below(parent, field.Name)) is { } column)
                {
                    children.Add(column);
                }
            }

            return children.Count == 0 ? null : new ColumnStatistics(field.Name, field.DataType) { Children = children };
        }

        if (!indexed.Contains(parent, field.Name))
        {
            return null;
        }

        ColumnStatistics leaf = new(field.Name, field.DataType);
        for (int b = 0; b < data.Count; b++)
        {
            leaf.Add(data[b], Nulls(data[b], parentNull?[b]));
        }

        leaf.Finish(indexed.StringPrefix);
        return leaf;
    }

    public void WriteMin(Utf8JsonWriter writer) => WriteValue(writer, Min!);

    public void WriteMax(Utf8JsonWriter writer) => WriteValue(writer, Max!);

    private static bool[] Nulls(ArrayData data, bool[]? parentNull)
    {
        bool[] isNull = parentNull is null ? new bool[data.Length] : [.. parentNull];
        if (GatherKernel.HasValidity(data))
        {
            ReadOnlySpan<byte> validity = data.Buffers[0].Span;
            for (int row = 0; row < isNull.Length; row++)
            {
                isNull[row] |= !BitUtility.GetBit(validity, data.Offset + row);
            }
        }

        return isNull;
    }

    private void Add(ArrayData data, bool[] isNull)
    {
        NullCount += isNull.AsSpan().Count(true);
        if (data.Length == 0)
        {
            // Empty arrays may come without buffers.
            return;
        }

        switch (_type)
        {
            case Int8Type:
                AddIntegers<sbyte>(data, isNull);
                break;
            case Int16Type:
                AddIntegers<short>(data, isNull);
                break;
            case Int32Type or Date32Type:
                AddIntegers<int>(data, isNull);
                break;
            case Int64Type or TimestampType:
                AddIntegers<long>(data, isNull);
                break;
            case Decimal128Type:
                AddIntegers<Int128>(data, isNull);
                break;
            case FloatType:
                AddFloats<float>(data, isNull);
                break;
            case DoubleType:
                AddFloats<double>(data, isNull);
                break;
            case StringType:
                AddStrings(data, isNull);
                break;
            default:
                break;
        }
    }

    private void AddIntegers<T>(ArrayData data, bool[] isNull)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);
        T min = T.MaxValue;
        T max = T.MinValue;
        for (int row = 0; row < values.Length; row++)
        {
            if (!isNull[row])
            {
                T value = values[row];
                min = value < min ? value : min;
                max = value > max ? value : max;
            }
        }

        if (min <= max)
        {
            Int128 least = Int128.CreateTruncating(min);
            Int128 greatest = Int128.CreateTruncating(max);
            Min = Min is Int128 a && a < least ? a : least;
            Max = Max is Int128 b && b > greatest ? b : greatest;
        }
    }

    /// <summary>A column with a NaN has no bounds: readers do not agree on where NaN stands.</summary>
    private void AddFloats<T>(ArrayData data, bool[] isNull)
        where T : unmanaged, System.Numerics.IFloatingPoint<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);
        double min = Min as double? ?? double.PositiveInfinity;
        double max = Max as double? ?? double.NegativeInfinity;
        bool any = Min is not null;
        for (int row = 0; row < values.Length; row++)
        {
            if (!isNull[row])
            {
                double value = double.CreateTruncating(values[row]);
                min = double.IsNaN(min) || double.IsNaN(value) ? double.NaN : Math.Min(min, value);
                max = double.IsNaN(min) ? double.NaN : Math.Max(max, value);
                any = true;
            }
        }

        if (any)
        {
            (Min, Max) = (min, max);
        }
    }

    private void AddStrings(ArrayData data, bool[] isNull)
    {
        ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);
        ReadOnlySpan<byte> values = data.Buffers[2].Span;
        ReadOnlySpan<byte> min = Min is byte[] a ? a : default;
        ReadOnlySpan<byte> max = Max is byte[] b ? b : default;
        bool any = Min is not null;
        for (int row = 0; row < data.Length; row++)
        {
            if (isNull[row])
            {
                continue;
            }

            ReadOnlySpan<byte> value = values[offsets[row]..offsets[row + 1]];
            min = !any || value.SequenceCompareTo(min) < 0 ? value : min;
            max = !any || value.SequenceCompareTo(max) > 0 ? value : max;
            any = true;
        }

        if (any)
        {
            (Min, Max) = (min.ToArray(), max.ToArray());
        }
    }

    private void Finish(int prefix)
    {
        if (Min is double min && Max is double max && !(double.IsFinite(min) && double.IsFinite(max)))
        {
            (Min, Max) = (null, null);
        }
        else if (Min is byte[] least && Max is byte[] greatest)
        {
            // Bytes that are no text cannot be written as text, so nothing can be said.
            bool isText = Utf8.IsValid(least) && Utf8.IsValid(greatest);
            Min = isText ? StringBounds.Lower(Encoding.UTF8.GetString(least), prefix) : null;
            Max = isText ? StringBounds.Upper(Encoding.UTF8.GetString(greatest), prefix) : null;
        }
        else if (_type is TimestampType && Min is Int128 earliest && earliest < long.MinValue + MicrosPerMilli)
        {
            // Cut downwards it would not be in the range of the type.
            Min = null;
        }
    }

    private void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (_type)
        {
            case StringType:
                writer.WriteStringValue((string)value);
                break;
            case Date32Type:
                writer.WriteStringValue(Calendar.FormatDate((long)(Int128)value));
                break;
            case TimestampType type:
                writer.WriteStringValue(Milliseconds((long)(Int128)value, type.Timezone is not null));
                break;
            case Decimal128Type type:
                writer.WriteRawValue(CellText.Decimal((Int128)value, type.Scale));
                break;
            case FloatType or DoubleType:
                writer.WriteNumberValue((double)value);
                break;
            default:
                writer.WriteNumberValue((long)(Int128)value);
                break;
        }
    }

    /// <summary>Timestamps are cut to milliseconds, downwards; readers add one to an upper bound.</summary>
    private static string Milliseconds(long micros, bool instant)
    {
        long rest = micros % MicrosPerMilli;
        micros -= rest < 0 ? rest + MicrosPerMilli : rest;
        string text = Calendar.FormatTimestamp(micros, instant: true);
        return text[..^"000Z".Length] + (instant ? "Z" : "");
    }
}
