using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta;

/// <content>Changing columns and properties. No data file is read or written.</content>
public sealed partial class DeltaTable
{
    /// <summary>Adds columns, which are null in all rows that exist.</summary>
    /// <param name="columns">The new columns, in order; each must allow nulls.</param>
    /// <param name="parent">Path of the struct they become fields of, such as <c>address</c> or <c>lines.element</c>; null for the table.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>: a name is there already or not allowed, a column does not allow nulls, or it is generated or an
    /// identity column while the table has rows.
    /// <see cref="ErrorCodes.SchemaMismatch"/>: there is no such parent.
    /// </exception>
    public async Task<long> AddColumnsAsync(IReadOnlyList<Field> columns, string? parent = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count);
        StructType added = ArrowSchemas.ToDelta(new Schema(columns, null));
        IReadOnlyList<string> path = parent is null ? [] : ColumnPath.Parse(parent);
        if (added.Fields.FirstOrDefault(static field => !field.Nullable) is { } required)
        {
            throw DefinitionRules.Invalid(Storage.Name, $"the new column '{required.Name}' would be null in the rows that exist, so it must allow nulls");
        }

        JsonObject parameters = new() { ["columns"] = SchemaJson.Write(added) };
        return (await AlterAsync(
            "ADD COLUMNS", parameters, d => d with { Schema = SchemaEditor.Add(d.Schema, path, added.Fields) }, cancellationToken).ConfigureAwait(false))!.Value;
    }

    /// <summary>Gives a column another name. Needs column mapping (<c>delta.columnMapping.mode</c> is <c>name</c> or <c>id</c>).</summary>
    /// <param name="column">Path of the column, dots between names.</param>
    /// <param name="newName">Its new name, without the path.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: there is no such column. <see cref="ErrorCodes.InvalidConfiguration"/>: the table has no column mapping,
    /// the name is taken, or a constraint or generated column speaks of the column.
    /// </exception>
    public async Task<long> RenameColumnAsync(string column, string newName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(newName);
        IReadOnlyList<string> path = ColumnPath.Parse(column);
        JsonObject parameters = new() { ["oldColumnPath"] = column, ["newColumnPath"] = string.Join('.', [.. path.Take(path.Count - 1), newName]) };
        return (await AlterAsync("RENAME COLUMN", parameters, Rename, cancellationToken).ConfigureAwait(false))!.Value;

        Definition Rename(Definition former)
        {
            DefinitionRules.CheckMapped(former, Storage.Name);
            DefinitionRules.CheckUnreferenced(former, path[^1], Storage.Name);
            string oldName = path[^1];
            StructType schema = SchemaEditor.Change(former.Schema, path, field =>
            {
                oldName = field.Name;
                return field with { Name = newName };
            });
            string[] partitionColumns =
                [.. former.PartitionColumns.Select(name => path.Count == 1 && string.Equals(name, oldName, StringComparison.Ordinal) ? newName : name)];
            return former with { Schema = schema, PartitionColumns = partitionColumns, Properties = StatisticsNames.After(former.Properties, path, newName) };
        }
    }

    /// <summary>Takes a column out of the table; its values stay in the files but can no longer be read. Needs column mapping.</summary>
    /// <param name="column">Path of the column, dots between names. It must not be a partition or clustering column, nor the last one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <inheritdoc cref="RenameColumnAsync" path="/exception"/>
    public async Task<long> DropColumnAsync(string column, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> path = ColumnPath.Parse(column);
        return (await AlterAsync("DROP COLUMNS", new() { ["columns"] = column }, Drop, cancellationToken).ConfigureAwait(false))!.Value;

        Definition Drop(Definition former)
        {
            DefinitionRules.CheckMapped(former, Storage.Name);
            DefinitionRules.CheckUnreferenced(former, path[^1], Storage.Name);
            StructType schema = SchemaEditor.Change(former.Schema, path, field =>
                path.Count == 1 && former.PartitionColumns.Contains(field.Name, StringComparer.Ordinal)
                    ? throw DefinitionRules.Invalid(Storage.Name, $"'{field.Name}' is a partition column")
                    : null);
            return former with { Schema = schema, Properties = StatisticsNames.After(former.Properties, path, null) };
        }
    }

    /// <summary>
    /// Gives a column a wider type: a longer integer, double for float or integers, a decimal of more digits, timestamp without zone for date. Files keep
    /// the narrow values. Needs <c>delta.enableTypeWidening</c>.
    /// </summary>
    /// <param name="column">Path of the column; <c>element</c>, <c>key</c> and <c>value</c> lead into lists and maps.</param>
    /// <param name="newType">The wider type.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit.</returns>
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.SchemaMismatch"/>: there is no such column. <see cref="ErrorCodes.InvalidConfiguration"/>: type widening is not enabled, the
    /// type is not a wider one, a constraint or generated column speaks of the column, or it is a partition column of floats.
    /// </exception>
    public async Task<long> WidenColumnAsync(string column, IArrowType newType, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newType);
        IReadOnlyList<string> path = ColumnPath.Parse(column);
        DataType wanted = ArrowSchemas.ToDelta(new Schema([new Field(path[^1], newType, true)], null)).Fields[0].Type;
        return (await AlterAsync(
            "CHANGE COLUMN",
            new() { ["column"] = column, ["toType"] = wanted.ToString() },
            former => ColumnWidening.Apply(former, path, wanted, Storage.Name),
            cancellationToken).ConfigureAwait(false))!.Value;
    }

    /// <summary>Lets a column hold nulls.</summary>
    /// <param name="column">Path of the column, dots between names.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit; null when the column may hold nulls already.</returns>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.SchemaMismatch"/>: there is no such column.</exception>
    public Task<long?> DropNotNullAsync(string column, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> path = ColumnPath.Parse(column);
        return AlterAsync(
            "CHANGE COLUMN",
            new() { ["column"] = column, ["nullable"] = true },
            former => former with { Schema = SchemaEditor.Change(former.Schema, path, static field => field with { Nullable = true }) },
            cancellationToken);
    }

    /// <summary>
    /// Sets table properties, and raises the protocol to what they need: <c>delta.enableChangeDataFeed</c>, <c>delta.columnMapping.mode</c>,
    /// <c>delta.enableRowTracking</c>, <c>delta.enableInCommitTimestamps</c> and so on; <c>delta.feature.{name} = supported</c> adds a feature alone.
    /// </summary>
    /// <param name="properties">Names and values; a null value takes the property away.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The version of the commit; null when the table has the properties already.</returns>
    /// <exception cref="LakehouseException"><see cref="ErrorCodes.InvalidConfiguration"/>: a value is not valid or may not be set.</exception>
    /// <exception cref="UnsupportedFeatureException">A property asks for a feature this library cannot write.</exception>
    public Task<long?> SetPropertiesAsync(IReadOnlyDictionary<string, string?> properties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(properties);
        foreach (string key in properties.Keys)
        {
            DefinitionRules.CheckSettable(key, Storage.Name);
        }

        JsonObject parameters = new() { ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, p.Value))).ToJsonString() };
        return AlterAsync("SET TBLPROPERTIES", parameters, Set, cancellationToken);

        Definition Set(Definition former)
        {
            Dictionary<string, string> changed = new(former.Properties, StringComparer.Ordinal);
            foreach ((string key, string? value) in properties)
            {
                if (value is null)
                {
                    changed.Remove(key);
                }
                else
                {
                    changed[key] = value;
                }
            }

            return former with { Properties = changed };
        }
    }

    private Task<long?> AlterAsync(string operation, JsonObject parameters, Func<Definition, Definition> change, CancellationToken cancellationToken) =>
        new TableAlteration(this, operation, parameters, change).RunAsync(cancellationToken);
}
