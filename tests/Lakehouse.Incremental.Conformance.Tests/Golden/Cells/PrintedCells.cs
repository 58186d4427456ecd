using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>
/// Canonical texts of the cells of a printed table, read as the type the table says: <c>{a: 1, b: }</c> is a struct or a map, <c>[1, , 2]</c> a list,
/// nothing a null.
/// </summary>
internal sealed class PrintedCells
{
    private readonly string _text;
    private int _at;

    private PrintedCells(string text) => _text = text;

    public static string Format(IArrowType type, string text)
    {
        PrintedCells cells = new(text);
        string form = cells.Read(type, nested: false);
        return cells._at == text.Length ? form : CellForm.NotOfType(text, type.Name);
    }

    private string Read(IArrowType type, bool nested) => type switch
    {
        _ when AtEnd(nested) => CellForm.Null,
        StructType composite => Struct(composite),
        MapType map => CellForm.Map(Items('{', '}', () => (Key(map), Read(map.ValueField.DataType, nested: true)))),
        ListType list => CellForm.List(Items('[', ']', () => Read(list.ValueDataType, nested: true))),
        _ => ScalarTexts.Format(type, Scalar(nested), CellMode.Printed),
    };

    private string Struct(StructType type) => CellForm.Struct(Items('{', '}', () =>
    {
        string name = Until(": ");
        int position = type.GetFieldIndex(name);
        return position < 0
            ? (name, CellForm.NotOfType(Scalar(nested: true), "field of the table"))
            : (name, Read(type.Fields[position].DataType, nested: true));
    }));

    private string Key(MapType map) => ScalarTexts.Format(map.KeyField.DataType, Until(": "), CellMode.Printed);

    private List<T> Items<T>(char open, char close, Func<T> item)
    {
        List<T> items = [];
        if (_text[_at] != open)
        {
            return items;
        }

        _at++;
        while (_text[_at] != close)
        {
            items.Add(item());
            if (_text.AsSpan(_at).StartsWith(", "))
            {
                _at += 2;

                // The last item is a null, which prints as nothing.
                if (_text[_at] == close)
                {
                    items.Add(item());
                }
            }
        }

        _at++;
        return items;
    }

    private bool AtEnd(bool nested) => _at == _text.Length || (nested && _text[_at] is ',' or ']' or '}');

    private string Until(string mark)
    {
        int end = _text.IndexOf(mark, _at, StringComparison.Ordinal);
        string before = _text[_at..(end < 0 ? _text.Length : end)];
        _at += before.Length + (end < 0 ? 0 : mark.Length);
        return before;
    }

    private string Scalar(bool nested)
    {
        int end = nested ? _text.AsSpan(_at).IndexOfAny(',', ']', '}') : -1;
        string text = end < 0 ? _text[_at..] : _text.Substring(_at, end);
        _at += text.Length;
        return text;
    }
}
