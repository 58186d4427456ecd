using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using ArrowStruct = Apache.Arrow.Types.StructType;
using ListType = Apache.Arrow.Types.ListType;
using MapType = Apache.Arrow.Types.MapType;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Brings the columns of a Parquet file into the schema that is asked for. Files may hold more than their table shows, or less.</summary>
internal static class ParquetProjection
{
    /// <summary>Numbers of the file's leaf columns that the wanted columns need.</summary>
    public static int[] Leaves(Schema file, Schema wanted)
    {
        List<int> leaves = [];
        int next = 0;
        foreach (Field field in file.FieldsList)
        {
            int position = wanted.PositionOf(field.Name);
            if (position < 0)
            {
                next += CountLeaves(field.DataType);
            }
            else
            {
                AddLeaves(field.DataType, wanted.GetFieldByIndex(position).DataType, ref next, leaves);
            }
        }

        return [.. leaves];
    }

    /// <summary>The wanted columns of a batch in managed memory: by name, nulls where it lacks one, converted where the types differ.</summary>
    public static RecordBatch Project(RecordBatch native, Schema wanted)
    {
        IArrowArray[] columns = new IArrowArray[wanted.FieldsList.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            Field field = wanted.GetFieldByIndex(i);
            int position = native.Schema.PositionOf(field.Name);
            columns[i] = position < 0 ? NullArrays.Create(field.DataType, native.Length) : Convert(field, native.Column(position));
        }

        GC.KeepAlive(native);
        return new RecordBatch(wanted, columns, native.Length);
    }

    public static RecordBatch Nulls(Schema wanted, int rows) =>
        new(wanted, wanted.FieldsList.Select(f => NullArrays.Create(f.DataType, rows)), rows);

    /// <summary>Struct fields go by name; the element of a list, and key and value of a map, by position.</summary>
    private static void AddLeaves(IArrowType file, IArrowType wanted, ref int next, List<int> leaves, bool isEntry = false)
    {
        if (file is not NestedType from || wanted is not NestedType to || from.TypeId != to.TypeId)
        {
            int count = CountLeaves(file);
            leaves.AddRange(Enumerable.Range(next, count));
            next += count;
            return;
        }

        int first = next;
        int before = leaves.Count;
        for (int i = 0; i < from.Fields.Count; i++)
        {
            IArrowType child = from.Fields[i].DataType;
            bool byName = from is ArrowStruct && !isEntry;
            if ((byName ? FieldType(to, from.Fields[i].Name) : to.Fields[i].DataType) is { } type)
            {
                AddLeaves(child, type, ref next, leaves, isEntry: from is MapType);
            }
            else
            {
                next += CountLeaves(child);
            }
        }

        if (leaves.Count == before && next > first)
        {
            // Of a struct without any wanted field one leaf tells still where the struct is null.
            leaves.Add(first);
        }
    }

    private static IArrowArray Convert(Field field, IArrowArray source)
    {
        if (VariantSchema.Marks(field) && source.Data.DataType is ArrowStruct stored && FieldType(stored, VariantSchema.TypedValue) is not null)
        {
            throw new UnsupportedFeatureException(ErrorCodes.UnsupportedFeature,
                $"The variant column {field.Name} is shredded in a file (feature 'variantShredding'), which this library cannot read.");
        }

        ArrayData fitted = Fit(source.Data, field.DataType);
        IArrowArray array = ReferenceEquals(fitted, source.Data) ? source : ArrowArrayFactory.BuildArray(fitted);
        if (!LosslessCast.CanCast(fitted.DataType, field.DataType))
        {
            throw new InvalidCastException($"column {field.Name} is {fitted.DataType.Name}, the table has {field.DataType.Name}");
        }

        CastResult cast = LosslessCast.Cast(array, field.DataType);
        return cast.FailedRows == 0
            ? cast.Array
            : throw new InvalidCastException($"column {field.Name} holds a value that is no {field.DataType.Name} in row {cast.FirstFailedRow}");
    }

    /// <summary>Leaves out fields of structs that are not wanted, and takes instants without a zone for what they are.</summary>
    private static ArrayData Fit(ArrayData data, IArrowType wanted)
    {
        switch (data.DataType, wanted)
        {
            case (TimestampType { Timezone: null } zoneless, TimestampType { Timezone: not null }):
                // Files of old writers hold instants as 96-bit timestamps, which carry no zone.
                return new ArrayData(new TimestampType(zoneless.Unit, "UTC"), data.Length, data.NullCount, data.Offset, data.Buffers, data.Children);
            case (ArrowStruct from, ArrowStruct to):
                int[] kept = [.. Enumerable.Range(0, from.Fields.Count).Where(i => FieldType(to, from.Fields[i].Name) is not null)];
                if (kept.Length == 0)
                {
                    int rows = data.Offset + data.Length;
                    return new ArrayData(to, data.Length, data.NullCount, data.Offset, data.Buffers,
                        [.. to.Fields.Select(f => NullArrays.Create(f.DataType, rows).Data)]);
                }

                ArrayData[] children = [.. kept.Select(i => Fit(data.Children[i], FieldType(to, from.Fields[i].Name)!))];
                ArrowStruct type = new([.. kept.Select((child, i) => Retyped(from.Fields[child], children[i]))]);
                return new ArrayData(type, data.Length, data.NullCount, data.Offset, data.Buffers, children);
            case (MapType from, MapType to):
                ArrayData entries = data.Children[0];
                ArrayData[] columns = [Fit(entries.Children[0], to.KeyField.DataType), Fit(entries.Children[1], to.ValueField.DataType)];
                MapType map = new(Retyped(from.KeyField, columns[0]), Retyped(from.ValueField, columns[1]));
                ArrayData fitted = new(map.Fields[0].DataType, entries.Length, entries.NullCount, entries.Offset, entries.Buffers, columns);
                return new ArrayData(map, data.Length, data.NullCount, data.Offset, data.Buffers, [fitted]);
            case (ListType from, ListType to):
                ArrayData element = Fit(data.Children[0], to.ValueDataType);
                return new ArrayData(new ListType(Retyped(from.ValueField, element)), data.Length, data.NullCount, data.Offset, data.Buffers,
                    [element]);
            default:
                return TypeWideningCast.Widen(data, wanted);
        }
    }

    private static Field Retyped(Field field, ArrayData data) => new(field.Name, data.DataType, field.IsNullable);

    private static IArrowType? FieldType(NestedType type, string name) =>
        type.Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal))?.DataType;

    private static int CountLeaves(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => CountLeaves(f.DataType)) : 1;
}
