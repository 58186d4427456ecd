using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// How the schema of a target follows that of its events (semantics 2.13): new columns and fields, and wider types of values where the table allows them.
/// </summary>
internal static class TargetEvolution
{
    /// <exception cref="LakehouseException">A name or type that the format does not allow, or names that differ only by case.</exception>
    public static SchemaGrowth Of(MergeConfiguration flow, DeltaTable table, Snapshot snapshot, IReadOnlyList<RecordBatch> events) =>
        SchemaGrowth.Of(table, snapshot, former => flow.SchemaPolicy switch
        {
            SchemaPolicy.AddNullable =>
                events.Select(static e => e.Schema).Distinct().Aggregate(former, (known, e) => Follow(flow, table.Storage.Name, known, e)),
            SchemaPolicy.Rescue when snapshot.Schema.PositionOf(TargetColumns.Rescued) < 0 =>
                SchemaGrowth.Add(former, new StructField(TargetColumns.Rescued, PrimitiveType.String)),
            _ => former,
        });

    private static Definition Follow(MergeConfiguration flow, string table, Definition known, Schema events)
    {
        HashSet<string> unknown = new(EventColumns.Unknown(flow, ArrowSchemas.ToArrow(known.Schema), events), StringComparer.Ordinal);
        Schema given = new([.. events.FieldsList.Where(f => known.Schema.IndexOf(f.Name) >= 0 || unknown.Contains(f.Name))], null);

        // What is remembered of late events is found by their bytes, and a period has the type of its sequence.
        HashSet<string> ordering = new([.. flow.Keys, .. flow.Order, .. flow.Groups.SelectMany(static g => g.Sequence)], StringComparer.Ordinal);
        return ArrowSchemas.ToDelta(given).Fields.Aggregate(known, (grown, field) =>
        {
            int at = grown.Schema.Find(field.Name);
            if (at < 0)
            {
                return SchemaGrowth.Add(grown, field);
            }

            StructField column = grown.Schema.Fields[at];
            if (!string.Equals(column.Name, field.Name, StringComparison.Ordinal))
            {
                throw DiffersByCase(flow, table, column.Name, field.Name);
            }

            Definition wider = ordering.Contains(column.Name) ? grown : SchemaGrowth.Hold(grown, column, field.Type, table);
            return Converts(column, wider.Schema.Fields[at]) ? wider : grown;
        });
    }

    /// <summary>True where events in the former type go on to be merged: not between families, such as integers and doubles, where nothing converts (semantics 2.11).</summary>
    private static bool Converts(StructField former, StructField wider) => LosslessCast.CanCast(TypeOf(former), TypeOf(wider));

    private static Apache.Arrow.Types.IArrowType TypeOf(StructField field) => ArrowSchemas.ToArrow(new StructType([field])).GetFieldByIndex(0).DataType;

    private static LakehouseException DiffersByCase(MergeConfiguration flow, string table, string column, string name) => new(
        ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}', table '{table}': column '{name}' of the events differs from '{column}' only by case.")
    {
        Flow = flow.Name,
        Table = table,
    };
}
