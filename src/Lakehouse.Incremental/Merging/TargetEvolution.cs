using Apache.Arrow;
using Lakehouse.Incremental.Changes;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Altering;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using static Lakehouse.Incremental.Delta.Schemas.SchemaPositions;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// How the schema of a target follows that of its events (semantics 2.13): new columns and fields, and wider types where the table allows them.
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
        return ArrowSchemas.ToDelta(given).Fields.Aggregate(known, (grown, field) =>
        {
            int at = grown.Schema.Find(field.Name);
            if (at < 0)
            {
                return SchemaGrowth.Add(grown, field);
            }

            StructField column = grown.Schema.Fields[at];
            return string.Equals(column.Name, field.Name, StringComparison.Ordinal)
                ? SchemaGrowth.Hold(grown, column, field.Type, table)
                : throw DiffersByCase(flow, table, column.Name, field.Name);
        });
    }

    private static LakehouseException DiffersByCase(MergeConfiguration flow, string table, string column, string name) => new(
        ErrorCodes.SchemaMismatch, $"Flow '{flow.Name}', table '{table}': column '{name}' of the events differs from '{column}' only by case.")
    {
        Flow = flow.Name,
        Table = table,
    };
}
