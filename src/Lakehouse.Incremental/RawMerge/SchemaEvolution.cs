using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>The columns that a merge adds to its target.</summary>
/// <param name="After">The version with these columns; the version itself when there are none.</param>
/// <param name="Actions">Metadata, and protocol where need be; empty when there are none.</param>
internal sealed record SchemaEvolution(Snapshot After, IReadOnlyList<DeltaAction> Actions)
{
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>, <see cref="ErrorCodes.ReservedColumn"/>: a name that the format does not allow.
    /// </exception>
    public static SchemaEvolution Of(DeltaTable table, Snapshot snapshot, MergeDefinition definition, StructType source)
    {
        StructField[] added = definition.EvolvesSchema
            ? [.. source.Fields.Where(field => ColumnSides.Find(snapshot.DeltaSchema, field.Name) < 0 && Wants(definition, field.Name))]
            : [];
        if (added.Length == 0)
        {
            return new SchemaEvolution(snapshot, []);
        }

        Definition former = Definition.Of(snapshot);
        Definition changed = former with { Schema = SchemaEditor.Add(former.Schema, [], added) };
        Definition completed = changed.Completed(former, table.Options.IdSource);
        bool anyName = new TableProperties(completed.Properties).ColumnMappingMode != ColumnMappingMode.None;
        SchemaChecks.Check(completed.Schema, completed.PartitionColumns, anyName);
        RowRules.Validate(completed.Schema, completed.Properties);
        List<DeltaAction> actions = [];
        if (ProtocolFactory.Upgrade(snapshot.Protocol, completed.Schema, completed.Properties) is { } protocol)
        {
            actions.Add(protocol);
        }

        actions.Add(snapshot.Metadata with
        {
            SchemaString = SchemaJson.Write(completed.Schema),
            Configuration = ProtocolFactory.WithoutRequests(completed.Properties),
        });
        return new SchemaEvolution(snapshot.Apply(snapshot.Version + 1, actions, snapshot.Timestamp), actions);
    }

    private static bool Wants(MergeDefinition definition, string column) => definition.Clauses.Any(clause => clause.IsAll
        || clause.Assignments?.Any(set => string.Equals(set.Column, column, StringComparison.OrdinalIgnoreCase)) == true);
}
