using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>
/// A table whose schema grows with the rows that come in: new columns and fields, which allow nulls, and wider types where the table widens them. What
/// only the table has stays.
/// </summary>
/// <param name="After">The version with the grown schema; the version itself when nothing changes.</param>
/// <param name="Actions">Metadata, and protocol where need be; empty when nothing changes.</param>
internal sealed record SchemaGrowth(Snapshot After, IReadOnlyList<DeltaAction> Actions)
{
    /// <param name="table">The table.</param>
    /// <param name="snapshot">The version that rows come to.</param>
    /// <param name="grow">The definition it needs from the one it has; the same instance for no change.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>, <see cref="ErrorCodes.ReservedColumn"/>: a name or type that the format does not allow.
    /// </exception>
    public static SchemaGrowth Of(DeltaTable table, Snapshot snapshot, Func<Definition, Definition> grow)
    {
        Definition former = Definition.Of(snapshot);
        Definition grown = grow(former);
        IReadOnlyList<DeltaAction> actions = ReferenceEquals(grown, former) ? [] : TableAlteration.Actions(table, snapshot, grown);
        return new SchemaGrowth(actions.Count == 0 ? snapshot : snapshot.Apply(snapshot.Version + 1, actions, snapshot.Timestamp), actions);
    }

    /// <summary>The definition with a column more.</summary>
    public static Definition Add(Definition definition, StructField column) => Add(definition, [], column);

    /// <summary>The definition with a column that holds the values of another type.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="column">A column of it.</param>
    /// <param name="given">The other type.</param>
    /// <param name="table">The table, for messages.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: the column cannot be widened, because a rule of the table speaks of it.
    /// </exception>
    public static Definition Hold(Definition definition, StructField column, DataType given, string table) =>
        Hold(definition, [column.Name], column.Type, given, table);

    private static Definition Hold(Definition definition, IReadOnlyList<string> path, DataType wanted, DataType given, string table)
    {
        switch (wanted, given)
        {
            case (StructType former, StructType fields):
                return fields.Fields.Aggregate(definition, (grown, field) => former.Find(field.Name) is >= 0 and int at
                    ? Hold(grown, [.. path, former.Fields[at].Name], former.Fields[at].Type, field.Type, table)
                    : Add(grown, path, field));
            case (ArrayType former, ArrayType list):
                return Hold(definition, [.. path, SchemaEditor.Element], former.ElementType, list.ElementType, table);
            case (MapType former, MapType map):
                Definition keys = Hold(definition, [.. path, SchemaEditor.Key], former.KeyType, map.KeyType, table);
                return Hold(keys, [.. path, SchemaEditor.Value], former.ValueType, map.ValueType, table);
            default:
                return new TableProperties(definition.Properties).EnableTypeWidening && TypeWidening.IsAllowed(wanted, given)
                    ? ColumnWidening.Apply(definition, path, given, table)
                    : definition;
        }
    }

    private static Definition Add(Definition definition, IReadOnlyList<string> parent, StructField field) =>
        definition with { Schema = SchemaEditor.Add(definition.Schema, parent, [new StructField(field.Name, PlainType.Of(field.Type))]) };
}
