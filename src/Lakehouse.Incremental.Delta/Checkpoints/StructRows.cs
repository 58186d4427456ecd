using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>Reads the fields of a struct column by name.</summary>
internal sealed class StructRows
{
    private readonly ArrayData _data;
    private readonly Dictionary<string, IArrowArray> _fields = new(StringComparer.Ordinal);

    public StructRows(ArrayData data)
    {
        _data = data;
        StructType type = (StructType)data.DataType;
        for (int i = 0; i < type.Fields.Count; i++)
        {
            _fields[type.Fields[i].Name] = ArrowArrayFactory.BuildArray(data.Children[i].Slice(data.Offset, data.Length));
        }
    }

    public int Length => _data.Length;

    public bool IsNull(int row) => Columnar.GatherKernel.IsNull(_data, row);

    /// <exception cref="InvalidOperationException">The value is null, although the protocol asks for one.</exception>
    public string Required(string field, int row) => String(field, row) ?? throw new InvalidOperationException($"row {row} has no {field}");

    public string? String(string field, int row) => ((StringArray)_fields[field]).GetString(row);

    public long? Long(string field, int row) => ((Int64Array)_fields[field]).GetValue(row);

    public int? Int(string field, int row) => ((Int32Array)_fields[field]).GetValue(row);

    public bool? Bool(string field, int row) => ((BooleanArray)_fields[field]).GetValue(row);

    public StructRows Struct(string field) => new(_fields[field].Data);

    public IReadOnlyList<string>? List(string field, int row)
    {
        ListArray lists = (ListArray)_fields[field];
        if (lists.IsNull(row))
        {
            return null;
        }

        StringArray elements = (StringArray)lists.Values;
        int start = lists.ValueOffsets[row];
        return [.. Enumerable.Range(start, lists.ValueOffsets[row + 1] - start).Select(i => elements.GetString(i))];
    }

    public Dictionary<string, string?>? Map(string field, int row)
    {
        MapArray maps = (MapArray)_fields[field];
        if (maps.IsNull(row))
        {
            return null;
        }

        StringArray keys = (StringArray)maps.Keys;
        StringArray values = (StringArray)maps.Values;
        int start = maps.ValueOffsets[row];
        return Enumerable.Range(start, maps.ValueOffsets[row + 1] - start).ToDictionary(i => keys.GetString(i), i => (string?)values.GetString(i), StringComparer.Ordinal);
    }
}
