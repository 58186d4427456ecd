using System.Text.Json;
using Apache.Arrow;
using Lakehouse.Incremental.Conformance.Tests.Golden.Cells;
using Lakehouse.Incremental.Conformance.Tests.Golden.Set;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Expectations;

/// <summary>Brings rows of the set's different forms into canonical text, by the types of the table.</summary>
internal static class ExpectedRows
{
    /// <summary>JSON objects, one row each. What a row does not have is null, as a file has no column for a void one.</summary>
    public static RowBag OfObjects(IEnumerable<JsonElement> rows, Schema schema, IReadOnlyList<string> columns)
    {
        RowBag bag = new(columns);
        foreach (JsonElement row in rows)
        {
            bag.Add(columns.Select(name => JsonCells.Format(schema.GetFieldByName(name).DataType, Json.Get(row, name))));
        }

        return bag;
    }

    /// <summary>
    /// Rows of the manifest: objects, or lists of values in the order of the named columns, or of the table's. Lists that are shorter than the
    /// table is wide tell its first columns only.
    /// </summary>
    public static RowBag OfManifest(JsonElement rows, Schema schema, IReadOnlyList<string>? columns)
    {
        IReadOnlyList<JsonElement> all = [.. rows.EnumerateArray()];
        int width = all.Count > 0 && all[0].ValueKind == JsonValueKind.Array ? all[0].GetArrayLength() : schema.FieldsList.Count;
        columns ??= [.. schema.FieldsList.Take(width).Select(f => f.Name)];
        if (all.Count > 0 && all[0].ValueKind == JsonValueKind.Object)
        {
            return OfObjects(all, schema, columns);
        }

        RowBag bag = new(columns);
        foreach (JsonElement row in all)
        {
            IEnumerable<JsonElement> cells = row.ValueKind == JsonValueKind.Array ? row.EnumerateArray() : [row];
            bag.Add(cells.Select((value, i) => JsonCells.Format(schema.GetFieldByName(columns[i]).DataType, value)));
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
