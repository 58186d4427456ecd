using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>Canonical texts of JSON values, read as the type the table says. A map is an object, or a list of pairs.</summary>
internal static class JsonCells
{
    public static string Format(IArrowType type, JsonElement value) => (type, value.ValueKind) switch
    {
        (_, JsonValueKind.Null or JsonValueKind.Undefined) => CellForm.Null,
        (StructType composite, JsonValueKind.Object) => Struct(composite, value),
        (MapType map, JsonValueKind.Object) => CellForm.Map(value.EnumerateObject()
            .Select(entry => (Key(map, entry.Name), Format(map.ValueField.DataType, entry.Value)))),
        (MapType map, JsonValueKind.Array) => CellForm.Map(value.EnumerateArray().Select(entry => Entry(map, entry))),
        (ListType list, JsonValueKind.Array) => CellForm.List(value.EnumerateArray().Select(item => Format(list.ValueDataType, item))),
        (NestedType, _) or (_, JsonValueKind.Object or JsonValueKind.Array) => CellForm.NotOfType(value.GetRawText(), type.Name),
        (_, JsonValueKind.String) => ScalarTexts.Format(type, value.GetString()!, CellMode.Exact),
        _ => ScalarTexts.Format(type, value.GetRawText(), CellMode.Exact),
    };

    private static string Struct(StructType type, JsonElement value)
    {
        IEnumerable<(string, string)> known = type.Fields
            .Select(field => (field.Name, value.TryGetProperty(field.Name, out JsonElement child) ? Format(field.DataType, child) : CellForm.Null));
        IEnumerable<(string, string)> surplus = value.EnumerateObject()
            .Where(property => type.GetFieldIndex(property.Name) < 0)
            .Select(property => (property.Name, CellForm.NotOfType(property.Value.GetRawText(), "field of the table")));
        return CellForm.Struct(known.Concat(surplus));
    }

    private static (string Key, string Value) Entry(MapType map, JsonElement entry)
    {
        bool isPair = entry.ValueKind == JsonValueKind.Array;
        JsonElement key = isPair ? entry[0] : entry.GetProperty("key");
        string value = Format(map.ValueField.DataType, isPair ? entry[1] : entry.GetProperty("value"));

        // The dumper prints keys that are lists, and has them as the one item of a list.
        return map.KeyField.DataType is ListType && key.GetArrayLength() == 1 && key[0].ToString() is ['[', ..] text
            ? (Key(map, text), value)
            : (Format(map.KeyField.DataType, key), value);
    }

    private static string Key(MapType map, string text) => map.KeyField.DataType is NestedType
        ? PrintedCells.Format(map.KeyField.DataType, text)
        : ScalarTexts.Format(map.KeyField.DataType, text, CellMode.Exact);
}
