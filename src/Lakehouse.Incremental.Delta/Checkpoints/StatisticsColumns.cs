using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using ArrowStruct = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.Checkpoints;

/// <summary>The types of statistics and partition values as columns: by the names that the data files have, for the columns that are indexed.</summary>
internal static class StatisticsColumns
{
    /// <summary>The type of <c>stats_parsed</c>.</summary>
    public static ArrowStruct TypeOf(Snapshot snapshot)
    {
        TableProperties properties = snapshot.TableProperties;
        HashSet<string>? named = properties.DataSkippingStatsColumns?
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static name => name.Replace("`", "", StringComparison.Ordinal))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        int budget = named is not null || properties.DataSkippingNumIndexedCols < 0 ? int.MaxValue : properties.DataSkippingNumIndexedCols;
        bool mapped = snapshot.Mapping.IsMapped;
        IEnumerable<StructField> data = snapshot.DeltaSchema.Fields.Where(f => !snapshot.PartitionColumns.Contains(f.Name, StringComparer.Ordinal));
        Field[] counted = Indexed(data, snapshot.Schema.FieldsList, "", named, mapped, ref budget);
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

    private static string NameOf(StructField field, bool mapped) => mapped ? ColumnMapping.PhysicalName(field) : field.Name;

    private static Field[] Indexed(
        IEnumerable<StructField> fields, IReadOnlyList<Field> types, string path, HashSet<string>? named, bool mapped, ref int budget)
    {
        List<Field> result = [];
        foreach (StructField field in fields)
        {
            string fullName = path + field.Name;
            IArrowType type = types.First(f => string.Equals(f.Name, field.Name, StringComparison.Ordinal)).DataType;
            if (field.Type is Schemas.StructType structure)
            {
                HashSet<string>? within = named?.Contains(fullName) == true ? null : named;
                Field[] children = Indexed(structure.Fields, ((ArrowStruct)type).Fields, fullName + ".", within, mapped, ref budget);
                if (children.Length > 0)
                {
                    result.Add(new Field(NameOf(field, mapped), new ArrowStruct(children), true));
                }
            }
            else if (type is not NullType && budget > 0 && named?.Contains(fullName) != false)
            {
                budget--;
                // A variant is a struct in memory and one value in statistics, without bounds.
                result.Add(new Field(NameOf(field, mapped), type is ArrowStruct ? BinaryType.Default : type, true));
            }
        }

        return [.. result];
    }

    private static Field[] Bounded(IEnumerable<Field> fields) => [.. fields.Select(Bounded).OfType<Field>()];

    // Null where no values have an order; a struct of nothing is no type.
    private static Field? Bounded(Field field) => field.DataType switch
    {
        ArrowStruct structure => Bounded(structure.Fields) is { Length: > 0 } children ? new Field(field.Name, new ArrowStruct(children), true) : null,
        Int8Type or Int16Type or Int32Type or Int64Type or FloatType or DoubleType or StringType or Date32Type or TimestampType or Decimal128Type => field,
        _ => null,
    };

    private static Field[] Counts(IEnumerable<Field> fields) =>
        [.. fields.Select(static f => new Field(f.Name, f.DataType is ArrowStruct structure ? new ArrowStruct(Counts(structure.Fields)) : Int64Type.Default, true))];
}
