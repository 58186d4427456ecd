using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>How the schema of a target follows that of its events (semantics 2.13): new columns, and wider types of values where the table allows them.</summary>
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
        bool widens = snapshot.TableProperties.EnableTypeWidening;

        // What is remembered of late events is found by their bytes, and a period has the type of its sequence.
        HashSet<string> ordering = new([.. flow.Keys, .. flow.Order, .. flow.Groups.SelectMany(static g => g.Sequence)], StringComparer.Ordinal);
        foreach (StructField field in ArrowSchemas.ToDelta(given).Fields)
        {
            int at = known.IndexOf(field.Name);
            if (at < 0)
            {
                CheckCase(flow, snapshot, known, field.Name);
                known = Add(known, field with { Nullable = true });
            }
            else if (widens && !ordering.Contains(field.Name) && Converts(known.Fields[at], field) && TypeWidening.IsAllowed(known.Fields[at].Type, field.Type))
            {
                known = SchemaEditor.ChangeType(known, [field.Name], _ => field.Type);
            }
        }

        return known;
    }

    /// <summary>True where events in the former type go on to be merged: not between families, such as integers and doubles, where nothing converts (semantics 2.11).</summary>
    private static bool Converts(StructField former, StructField wider) => LosslessCast.CanCast(TypeOf(former), TypeOf(wider));

    private static Apache.Arrow.Types.IArrowType TypeOf(StructField field) => ArrowSchemas.ToArrow(new StructType([field])).GetFieldByIndex(0).DataType;

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
