using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>How the schema of a target follows that of its events (semantics 2.13): new columns, and wider types where the table allows them.</summary>
/// <param name="After">The version with the new schema; the version itself when nothing changes.</param>
/// <param name="Actions">Metadata, and protocol where need be; empty when nothing changes.</param>
internal sealed record TargetEvolution(Snapshot After, IReadOnlyList<DeltaAction> Actions)
{
    /// <exception cref="LakehouseException">A name or type that the format does not allow, or names that differ only by case.</exception>
    public static TargetEvolution Of(MergeConfiguration flow, DeltaTable table, Snapshot snapshot, IReadOnlyList<RecordBatch> events)
    {
        Definition former = Definition.Of(snapshot);
        StructType schema = flow.SchemaPolicy switch
        {
            SchemaPolicy.AddNullable => events.Select(static e => e.Schema).Distinct().Aggregate(former.Schema, (known, e) => Follow(flow, snapshot, known, e)),
            SchemaPolicy.Rescue when snapshot.Schema.PositionOf(TargetColumns.Rescued) < 0 => Add(former.Schema, new StructField(TargetColumns.Rescued, PrimitiveType.String, true, null)),
            _ => former.Schema,
        };
        if (ReferenceEquals(schema, former.Schema))
        {
            return new TargetEvolution(snapshot, []);
        }

        IReadOnlyList<DeltaAction> actions = TableAlteration.Actions(table, snapshot, former with { Schema = schema });
        return new TargetEvolution(snapshot.Apply(snapshot.Version + 1, actions, snapshot.Timestamp), actions);
    }

    private static StructType Follow(MergeConfiguration flow, Snapshot snapshot, StructType known, Schema events)
    {
        HashSet<string> unknown = new(EventColumns.Unknown(flow, ArrowSchemas.ToArrow(known), events), StringComparer.Ordinal);
        Schema given = new([.. events.FieldsList.Where(f => known.IndexOf(f.Name) >= 0 || unknown.Contains(f.Name))], null);
        foreach (StructField field in ArrowSchemas.ToDelta(given).Fields)
        {
            int at = known.IndexOf(field.Name);
            if (at < 0)
            {
                CheckCase(flow, snapshot, known, field.Name);
                known = Add(known, field with { Nullable = true });
            }
            else if (snapshot.TableProperties.EnableTypeWidening && TypeWidening.IsAllowed(known.Fields[at].Type, field.Type))
            {
                known = SchemaEditor.ChangeType(known, [field.Name], _ => field.Type);
            }
        }

        return known;
    }

    private static StructType Add(StructType schema, StructField field) => SchemaEditor.Add(schema, [], [field]);

    private static void CheckCase(MergeConfiguration flow, Snapshot snapshot, StructType known, string name)
    {
        if (known.Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)) is { } similar)
        {
            throw new LakehouseException(
                ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}', table {snapshot.Metadata.Name ?? snapshot.TableId}: column '{name}' of the events differs from '{similar.Name}' only by case.")
            {
                Flow = flow.Name,
            };
        }
    }
}
