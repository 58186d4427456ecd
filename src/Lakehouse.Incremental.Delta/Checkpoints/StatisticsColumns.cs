using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using Lakehouse.Incremental.Delta.Statistics;
using ArrowStruct = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>The types of statistics and partition values as columns: by the names that the data files have, for the columns that are indexed.</summary>
internal static class StatisticsColumns
{
    /// <summary>The type of <c>stats_parsed</c>.</summary>
    public static ArrowStruct TypeOf(Snapshot snapshot)
    {
        Schema data = new([.. snapshot.Schema.FieldsList.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal))], null);
        Field[] counted = Indexed(snapshot.Mapping.ToPhysical(data).FieldsList, IndexedColumns.Of(snapshot, data), "");
        List<Field> fields = [new("numRecords", Int64Type.Default, true)];
        Field[] bounded = Bounded(counted);
        if (bounded.Length > 0)
        {
            fields.Add(new Field("minValues", new ArrowStruct(bounded), true));
            fields.Add(new Field("maxValues", new ArrowStruct(bounded), true));
        }

        if (counted.Length > 0)
        {
            fields.Add(new Field("nullCount", new ArrowStruct(Counts(counted)), true));
        }

        fields.Add(new Field("tightBounds", BooleanType.Default, true));
        return new ArrowStruct(fields);
    }

    /// <summary>The type of <c>partitionValues_parsed</c>; null for a table without partitions.</summary>
    public static ArrowStruct? PartitionTypeOf(Snapshot snapshot)
    {
        Field[] fields =
        [
            .. snapshot.PartitionColumns.Select(name =>
            {
                int position = snapshot.DeltaSchema.IndexOf(name);
                return new Field(snapshot.Mapping.PhysicalName(name), snapshot.Schema.GetFieldByIndex(position).DataType, true);
            }),
        ];
        return fields.Length == 0 ? null : new ArrowStruct(fields);
    }

    private static Field[] Indexed(IEnumerable<Field> fields, IndexedColumns indexed, string parent) =>
        [.. fields.Select(field => Indexed(field, indexed, parent)).OfType<Field>()];

    private static Field? Indexed(Field field, IndexedColumns indexed, string parent)
    {
        if (field.DataType is ArrowStruct structure && !VariantSchema.Marks(field))
        {
            Field[] children = Indexed(structure.Fields, indexed, IndexedColumns.Below(parent, field.Name));
            return children.Length == 0 ? null : new Field(field.Name, new ArrowStruct(children), true);
        }

        // A variant is a struct in memory and one value in statistics, without bounds.
        return indexed.Contains(parent, field.Name)
            ? new Field(field.Name, field.DataType is ArrowStruct ? BinaryType.Default : field.DataType, true) : null;
    }

    private static Field[] Bounded(IEnumerable<Field> fields) => [.. fields.Select(Bounded).OfType<Field>()];

    // Null for a field without bounds; a struct of such fields has none either.
    private static Field? Bounded(Field field) => field.DataType switch
    {
        ArrowStruct structure => Bounded(structure.Fields) is { Length: > 0 } within ? new Field(field.Name, new ArrowStruct(within), true) : null,
        Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType or StringType or Date32Type or TimestampType or Decimal128Type => field,
        _ => null,
    };

    private static Field[] Counts(IEnumerable<Field> fields) =>
        [.. fields.Select(static f => new Field(f.Name, f.DataType is ArrowStruct structure ? new ArrowStruct(Counts(structure.Fields)) : Int64Type.Default, true))];
}
