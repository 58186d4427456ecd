using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Builds a struct column from objects: a row is null where there is no object.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
internal sealed class StructColumn<T>(StructType type, IReadOnlyList<T?> rows)
    where T : class
{
    private readonly List<ArrayData> _children = [];

    public StructColumn<T> String(Func<T, string?> value) => Add(Strings([.. rows.Select(r => r is null ? null : value(r))]));

    public StructColumn<T> Long(Func<T, long?> value) => Add(Fixed<long>(r => value(r)));

    public StructColumn<T> Int(Func<T, int?> value) => Add(Fixed<int>(r => value(r)));

    public StructColumn<T> Bool(Func<T, bool?> value)
    {
        BooleanArray.Builder builder = new();
        foreach (T? row in rows)
        {
            _ = (row is null ? null : value(row)) is { } flag ? builder.Append(flag) : builder.AppendNull();
        }

        return Add(builder.Build().Data);
    }

    public StructColumn<T> Struct<TChild>(Func<T, TChild?> value, Func<StructColumn<TChild>, StructColumn<TChild>> fields)
        where TChild : class
    {
        StructType child = (StructType)type.Fields[_children.Count].DataType;
        return Add(fields(new StructColumn<TChild>(child, [.. rows.Select(r => r is null ? null : value(r))])).Build().Data);
    }

    /// <summary>A list of strings; null where there is none.</summary>
    public StructColumn<T> List(Func<T, IReadOnlyList<string>?> value)
    {
        IReadOnlyList<string>?[] lists = [.. rows.Select(r => r is null ? null : value(r))];
        ArrayData elements = Strings([.. lists.SelectMany(l => l ?? [])]);
        return Add(Nested(type.Fields[_children.Count].DataType, [.. lists.Select(l => l?.Count)], elements));
    }

    /// <summary>A map of strings; null where there is none. Entries are sorted by key.</summary>
    public StructColumn<T> Map<TValue>(Func<T, IReadOnlyDictionary<string, TValue>?> value)
        where TValue : class?
    {
        MapType map = (MapType)type.Fields[_children.Count].DataType;
        KeyValuePair<string, TValue>[]?[] maps =
            [.. rows.Select(r => (r is null ? null : value(r)) is { } entries ? entries.OrderBy(e => e.Key, StringComparer.Ordinal).ToArray() : null)];
        KeyValuePair<string, TValue>[] all = [.. maps.SelectMany(m => m ?? [])];
        ArrayData[] columns = [Strings([.. all.Select(e => (string?)e.Key)]), Strings([.. all.Select(e => (string?)(object?)e.Value)])];
        ArrayData entryRows = new(map.Fields[0].DataType, all.Length, 0, 0, [ArrowBuffer.Empty], columns);
        return Add(Nested(map, [.. maps.Select(m => m?.Length)], entryRows));
    }

    /// <summary>A column that was built elsewhere, with as many rows.</summary>
    public StructColumn<T> Ready(ArrayData child) => Add(child);

    public StructArray Build()
    {
        byte[] validity = new byte[(rows.Count + 7) / 8];
        int nulls = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            BitUtility.SetBit(validity, row, rows[row] is not null);
            nulls += rows[row] is null ? 1 : 0;
        }

        return (StructArray)ArrowArrayFactory.BuildArray(new ArrayData(type, rows.Count, nulls, 0, [new ArrowBuffer(validity)], [.. _children]));
    }

    private StructColumn<T> Add(ArrayData child)
    {
        _children.Add(child);
        return this;
    }

    private ArrayData Fixed<TValue>(Func<T, TValue?> value)
        where TValue : unmanaged
    {
        TValue[] values = new TValue[rows.Count];
        byte[] validity = new byte[(rows.Count + 7) / 8];
        int nulls = 0;
        for (int row = 0; row < values.Length; row++)
        {
            TValue? cell = rows[row] is { } r ? value(r) : null;
            values[row] = cell ?? default;
            BitUtility.SetBit(validity, row, cell is not null);
            nulls += cell is null ? 1 : 0;
        }

        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        return new ArrayData(type.Fields[_children.Count].DataType, values.Length, nulls, 0, [new ArrowBuffer(validity), new ArrowBuffer(bytes)], []);
    }

    private static ArrayData Strings(string?[] values)
    {
        int[] offsets = new int[values.Length + 1];
        byte[] validity = new byte[(values.Length + 7) / 8];
        int nulls = 0;
        for (int i = 0; i < values.Length; i++)
        {
            offsets[i + 1] = checked(offsets[i] + (values[i] is { } text ? Encoding.UTF8.GetByteCount(text) : 0));
            BitUtility.SetBit(validity, i, values[i] is not null);
            nulls += values[i] is null ? 1 : 0;
        }

        byte[] bytes = new byte[offsets[^1]];
        for (int i = 0; i < values.Length; i++)
        {
            _ = values[i] is { } text ? Encoding.UTF8.GetBytes(text, bytes.AsSpan(offsets[i])) : 0;
        }

        return new ArrayData(
            StringType.Default, values.Length, nulls, 0, [new ArrowBuffer(validity), new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray()), new ArrowBuffer(bytes)], []);
    }

    private static ArrayData Nested(IArrowType type, int?[] lengths, ArrayData elements)
    {
        int[] offsets = new int[lengths.Length + 1];
        byte[] validity = new byte[(lengths.Length + 7) / 8];
        for (int i = 0; i < lengths.Length; i++)
        {
            offsets[i + 1] = offsets[i] + (lengths[i] ?? 0);
            BitUtility.SetBit(validity, i, lengths[i] is not null);
        }

        return new ArrayData(
            type, lengths.Length, lengths.Count(l => l is null), 0, [new ArrowBuffer(validity), new ArrowBuffer(MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray())], [elements]);
    }
}
