using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What columns of a table must become to hold the values of columns of a source.</summary>
/// <param name="table">The table, for messages.</param>
internal sealed class SchemaGrowth(string table)
{
    /// <summary>The definition with a column more.</summary>
    public static Definition WithColumn(Definition definition, StructField column) =>
        definition with { Schema = SchemaEditor.Add(definition.Schema, [], [column]) };

    /// <summary>
    /// The definition with a column that has the fields which only the source has, and, where the table widens types, the wider types of the source.
    /// What only the table has stays.
    /// </summary>
    /// <exception cref="Delta.LakehouseException">A column cannot be widened, because a rule of the table speaks of it.</exception>
    public Definition ToHold(Definition definition, StructField column, DataType source) => ToHold(definition, [column.Name], column.Type, source);

    private Definition ToHold(Definition definition, IReadOnlyList<string> path, DataType target, DataType source)
    {
        switch (target, source)
        {
            case (StructType wanted, StructType given):
                return ToHold(definition, path, wanted, given);
            case (ArrayType wanted, ArrayType given):
                return ToHold(definition, [.. path, "element"], wanted.ElementType, given.ElementType);
            case (MapType wanted, MapType given):
                Definition keys = ToHold(definition, [.. path, "key"], wanted.KeyType, given.KeyType);
                return ToHold(keys, [.. path, "value"], wanted.ValueType, given.ValueType);
            default:
                return new TableProperties(definition.Properties).EnableTypeWidening && TypeWidening.IsAllowed(target, source)
                    ? ColumnWidening.Apply(definition, path, source, table)
                    : definition;
        }
    }

    private Definition ToHold(Definition definition, IReadOnlyList<string> path, StructType target, StructType source)
    {
        foreach (StructField field in source.Fields)
        {
            int position = ColumnSides.Find(target, field.Name);
            definition = position < 0
                ? definition with { Schema = SchemaEditor.Add(definition.Schema, path, [field]) }
                : ToHold(definition, [.. path, target.Fields[position].Name], target.Fields[position].Type, field.Type);
        }

        return definition;
    }
}
