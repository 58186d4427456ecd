using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Writes cells of a struct column as the JSON that statistics are kept in elsewhere. What is null is left out.</summary>
internal static class StructJson
{
    private const string RowCount = "numRecords";

    /// <summary>The type without what has no form in statistics; null when nothing is left.</summary>
    public static IArrowType? Supported(IArrowType type)
    {
        if (type is not StructType structure)
        {
            return type is BooleanType or Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType or StringType or Date32Type
                or TimestampType { Unit: TimeUnit.Microsecond } or Decimal128Type ? type : null;
        }

        Field[] fields = [.. structure.Fields.Where(static f => Supported(f.DataType) is not null).Select(static f => new Field(f.Name, Supported(f.DataType)!, true))];
        return fields.Length == 0 ? null : new StructType(fields);
    }

    /// <summary>Writes a struct that is not null.</summary>
    public static void WriteObject(Utf8JsonWriter writer, ArrayData data, int row)
    {
        writer.WriteStartObject();
        StructType type = (StructType)data.DataType;

        // The row count goes first, where it is found without reading the rest.
        foreach (int i in Enumerable.Range(0, type.Fields.Count).OrderBy(i => type.Fields[i].Name == RowCount ? 0 : 1))
        {
            ArrayData child = data.Children[i];
            if (!GatherKernel.IsNull(child, data.Offset + row))
            {
                writer.WritePropertyName(type.Fields[i].Name);
                WriteValue(writer, child, data.Offset + row);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, ArrayData data, int row)
    {
        switch (data.DataType)
        {
            case StructType:
                WriteObject(writer, data, row);
                break;
            case BooleanType:
                writer.WriteBooleanValue(BitUtility.GetBit(data.Buffers[1].Span, data.Offset + row));
                break;
            case FloatType:
                WriteNumber(writer, Cell<float>(data, row));
                break;
            case DoubleType:
                WriteNumber(writer, Cell<double>(data, row));
                break;
            case Date32Type:
                writer.WriteStringValue(Calendar.FormatDate(Cell<int>(data, row)));
                break;
            case TimestampType type:
                string text = Calendar.FormatTimestamp(Cell<long>(data, row), instant: true);
                writer.WriteStringValue(type.Timezone is null ? text[..^1] : text);
                break;
            case Decimal128Type type:
                writer.WriteRawValue(CellText.Decimal(Cell<Int128>(data, row), type.Scale));
                break;
            case StringType:
                ReadOnlySpan<int> offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span)[(data.Offset + row)..];
                ReadOnlySpan<byte> value = data.Buffers[2].Span[offsets[0]..offsets[1]];

                // A writer may have cut a bound within a character: such a bound says nothing.
                if (Utf8.IsValid(value))
                {
                    writer.WriteStringValue(value);
                }
                else
                {
                    writer.WriteNullValue();
                }

                break;
            default:
                writer.WriteNumberValue(Integer(data, row));
                break;
        }
    }

    private static long Integer(ArrayData data, int row) => data.DataType switch
    {
        Int8Type => Cell<sbyte>(data, row),
        Int16Type => Cell<short>(data, row),
        Int32Type => Cell<int>(data, row),
        _ => Cell<long>(data, row),
    };

    // Numbers that JSON lacks are written as text, as other writers do.
    private static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static T Cell<T>(ArrayData data, int row)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span)[data.Offset + row];
}
