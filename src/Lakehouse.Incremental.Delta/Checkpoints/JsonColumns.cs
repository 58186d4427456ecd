using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.DataFiles;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>
/// Turns statistics in JSON, and partition values in text, into typed columns. What does not fit its type becomes null: statistics may be missing,
/// never wrong.
/// </summary>
internal static class JsonColumns
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The objects of texts, one a row; null where there is none.</summary>
    public static JsonElement?[] Parse(IEnumerable<string?> texts) => [.. texts.Select(Parse)];

    /// <summary>A struct column: a row is null where there is no object.</summary>
    public static ArrayData Struct(StructType type, JsonElement?[] rows)
    {
        ArrayData[] children =
        [
            .. type.Fields.Select(field =>
            {
                JsonElement?[] cells = [.. rows.Select(row => Valid(() => Member(row, field.Name)))];
                return field.DataType is StructType structure
                    ? Struct(structure, cells)
                    : Leaf(field.DataType, [.. cells.Select(static cell => Valid(() => Text(cell)))]);
            }),
        ];
        return Nullable(type, [.. rows.Select(static row => row is not null)], [], children);
    }

    /// <summary>A struct column of partition values; null where there is no file.</summary>
    public static ArrayData Partitions(StructType type, IReadOnlyList<IReadOnlyDictionary<string, string?>?> rows) => Nullable(
        type,
        [.. rows.Select(static row => row is not null)],
        [],
        [.. type.Fields.Select(field => Leaf(field.DataType, [.. rows.Select(row => row?.GetValueOrDefault(field.Name))]))]);

    private static JsonElement? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // The JSON reader raises this for text that is no valid Unicode.
    private static T? Valid<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    private static JsonElement? Member(JsonElement? row, string name) =>
        row is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? Text(JsonElement? cell) => cell?.ValueKind switch
    {
        JsonValueKind.String => cell.Value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => cell.Value.GetRawText(),
        _ => null,
    };

    private static ArrayData Leaf(IArrowType type, string?[] texts)
    {
        object?[] values = [.. texts.Select(text => Value(type, text))];
        bool[] present = [.. values.Select(static value => value is not null)];
        return type switch
        {
            BooleanType => Nullable(type, present, [Bits([.. values.Select(static value => value is true)])], []),
            StringType or BinaryType => Variable(type, values, present),
            Int8Type => Fixed<sbyte>(),
            Int16Type => Fixed<short>(),
            Int32Type or Date32Type => Fixed<int>(),
            FloatType => Fixed<float>(),
            DoubleType => Fixed<double>(),
            Decimal128Type => Fixed<Int128>(),
            _ => Fixed<long>(),
        };

        ArrayData Fixed<T>()
            where T : unmanaged
        {
            T[] cells = [.. values.Select(static value => value is T cell ? cell : default)];
            return Nullable(type, present, [new ArrowBuffer(MemoryMarshal.AsBytes(cells.AsSpan()).ToArray())], []);
        }
    }

    private static object? Value(IArrowType type, string? text)
    {
        // In a partition the empty text is null; in statistics it is a bound that says nothing.
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            object value = PartitionValues.Parse(text, type);
            return type is Decimal128Type number && value is Int128 unscaled && BigInteger.Abs(unscaled) >= BigInteger.Pow(10, number.Precision) ? null : value;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null;
        }
    }

    private static ArrayData Variable(IArrowType type, object?[] values, bool[] present)
    {
        byte[][] cells = [.. values.Select(static value => value as byte[] ?? (value is string text ? Encoding.UTF8.GetBytes(text) : []))];
        int[] offsets = new int[cells.Length + 1];
        for (int i = 0; i < cells.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + cells[i].Length);
        }

        byte[] bytes = new byte[offsets[^1]];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i].CopyTo(bytes, offsets[i]);
        }

        return Nullable(type, present, [new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray()), new ArrowBuffer(bytes)], []);
    }

    private static ArrayData Nullable(IArrowType type, bool[] present, ArrowBuffer[] values, ArrayData[] children) =>
        new(type, present.Length, present.AsSpan().Count(false), 0, [Bits(present), .. values], children);

    private static ArrowBuffer Bits(bool[] flags)
    {
        byte[] bits = new byte[(flags.Length + 7) / 8];
        for (int i = 0; i < flags.Length; i++)
        {
            BitUtility.SetBit(bits, i, flags[i]);
        }

        return new ArrowBuffer(bits);
    }
}
