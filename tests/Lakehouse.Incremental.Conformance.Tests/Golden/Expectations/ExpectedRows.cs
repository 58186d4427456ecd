using System.Text.Json;
using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>Brings rows of the set's different forms into canonical text, by the types of the table.</summary>
internal static class ExpectedRows
{
    /// <summary>JSON objects, one row each. All columns of the table must be there, and no others.</summary>
    public static RowBag OfObjects(IEnumerable<JsonElement> rows, Schema schema, IReadOnlyList<string> columns)
    {
        RowBag bag = new(columns);
        foreach (JsonElement row in rows)
        {
            bag.Add(columns.Select(name => JsonCells.Format(schema.GetFieldByName(name).DataType, row.GetProperty(name))));
        }

        return bag;
    }

    /// <summary>Lists of values in the order of the table's columns; shorter ones tell the first columns only.</summary>
    public static RowBag OfLists(JsonElement rows, Schema schema)
    {
        int width = rows.EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Array ? row.GetArrayLength() : 1).FirstOrDefault(schema.FieldsList.Count);
        RowBag bag = new([.. schema.FieldsList.Take(width).Select(f => f.Name)]);
        foreach (JsonElement row in rows.EnumerateArray())
        {
            bag.Add(row.ValueKind == JsonValueKind.Array
                ? row.EnumerateArray().Select((value, i) => JsonCells.Format(schema.FieldsList[i].DataType, value))
                : [JsonCells.Format(schema.FieldsList[0].DataType, row)]);
        }

        return bag;
    }

    /// <summary>A printed table, whose columns may be some of the table's.</summary>
    public static RowBag OfPrint(PrintedTable print, Schema schema)
    {
        RowBag bag = new(print.Columns);
        foreach (IReadOnlyList<string> row in print.Rows)
        {
            bag.Add(row.Select((cell, i) => PrintedCells.Format(schema.GetFieldByName(print.Columns[i]).DataType, cell)));
        }

        return bag;
    }

    /// <summary>Whole numbers of a table with one column.</summary>
    public static RowBag OfNumbers(IEnumerable<long> numbers, Schema schema)
    {
        RowBag bag = new([schema.FieldsList[0].Name]);
        foreach (long number in numbers)
        {
            bag.Add([CellForm.Number(number, 0)]);
        }

        return bag;
    }
}
