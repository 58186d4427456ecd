using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>Gives a column, or what is nested in it, a wider type.</summary>
internal static class ColumnWidening
{
    /// <param name="former">The definition before.</param>
    /// <param name="path">The way to what changes, as <see cref="SchemaEditor"/> takes it.</param>
    /// <param name="wanted">Its new type.</param>
    /// <param name="table">The table, for messages.</param>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: type widening is not enabled, the type is not a wider one, a constraint or generated column speaks
    /// of the column, or it is a partition column of floats. <see cref="ErrorCodes.SchemaMismatch"/>: there is no such column.
    /// </exception>
    public static Definition Apply(Definition former, IReadOnlyList<string> path, DataType wanted, string table)
    {
        if (!new TableProperties(former.Properties).EnableTypeWidening)
        {
            throw DefinitionRules.Invalid(table, $"types are widened only where {TableProperties.EnableTypeWideningKey} is true");
        }

        string column = string.Join('.', path);
        DefinitionRules.CheckUnreferenced(former, path[^1], table);
        if (wanted == PrimitiveType.Double && path.Count == 1 && former.PartitionColumns.Contains(column, StringComparer.Ordinal)
            && former.Schema.Fields.Any(field => string.Equals(field.Name, column, StringComparison.Ordinal) && field.Type == PrimitiveType.Float))
        {
            throw DefinitionRules.Invalid(
                table, $"'{column}' partitions the table: the texts of its values, shortest for float, stand for other numbers in double");
        }

        return former with
        {
            Schema = SchemaEditor.ChangeType(former.Schema, path, type => TypeWidening.IsAllowed(type, wanted)
                ? wanted
                : throw DefinitionRules.Invalid(table, $"'{column}' is {type}; not every value of it is one of {wanted}")),
        };
    }
}
