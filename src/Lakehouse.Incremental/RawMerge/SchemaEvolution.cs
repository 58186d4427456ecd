using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Features;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.RawMerge;

/// <summary>What a merge changes about the columns of its target.</summary>
/// <param name="After">The version with the columns it will have; the version itself when nothing changes.</param>
/// <param name="Actions">Metadata, and protocol where need be; empty when nothing changes.</param>
internal sealed record SchemaEvolution(Snapshot After, IReadOnlyList<DeltaAction> Actions)
{
    /// <exception cref="LakehouseException">
    /// <see cref="ErrorCodes.InvalidConfiguration"/>, <see cref="ErrorCodes.ReservedColumn"/>: a name that the format does not allow, or a column that
    /// cannot be widened.
    /// </exception>
    public static SchemaEvolution Of(DeltaTable table, Snapshot snapshot, MergeDefinition definition, StructType source)
    {
        Definition former = Definition.Of(snapshot);
        Definition changed = definition.EvolvesSchema ? Grown(former, table.Storage.Name, definition, source) : former;
        if (ReferenceEquals(changed, former))
        {
            return new SchemaEvolution(snapshot, []);
        }

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

    private static Definition Grown(Definition former, string table, MergeDefinition definition, StructType source)
    {
        SchemaGrowth growth = new(table);
        ColumnSides sides = new(former.Schema, source);
        Definition changed = former;
        foreach (StructField field in source.Fields)
        {
            int position = ColumnSides.Find(former.Schema, field.Name);
            if (position >= 0 && definition.Clauses.Any(clause => Takes(clause, field.Name, sides)))
            {
                changed = growth.ToHold(changed, former.Schema.Fields[position], field.Type);
            }
            else if (position < 0 && definition.Clauses.Any(clause => clause.IsAll || Assignments(clause, field.Name).Any()))
            {
                changed = SchemaGrowth.WithColumn(changed, field);
            }
        }

        return changed;
    }

    // Whether a column gets the values of the source column of its name as they are. What is calculated has to fit the column that there is.
    private static bool Takes(MergeClause clause, string column, ColumnSides sides) => clause.IsAll || Assignments(clause, column).Any(
        expression => sides.Resolve(SqlExpression.Parse(expression), clause.SeesTarget, clause.SeesSource).Bind(sides.Schema).Column is { } position
            && !sides.IsTarget(position) && string.Equals(sides.NameOf(position), column, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Assignments(MergeClause clause, string column) => (clause.Assignments ?? [])
        .Where(set => string.Equals(set.Column, column, StringComparison.OrdinalIgnoreCase)).Select(static set => set.Expression);
}
