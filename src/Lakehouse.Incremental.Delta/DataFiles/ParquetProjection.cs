using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>Brings the columns of a Parquet file into the schema that is asked for.</summary>
internal static class ParquetProjection
{
    /// <summary>Numbers of the file's leaf columns below the wanted top-level columns.</summary>
    public static int[] Leaves(Schema file, Schema wanted)
    {
        List<int> leaves = [];
        int next = 0;
        foreach (Field field in file.FieldsList)
        {
            int count = CountLeaves(field.DataType);
            if (wanted.GetFieldIndex(field.Name) >= 0)
            {
                leaves.AddRange(Enumerable.Range(next, count));
            }

            next += count;
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
            int position = native.Schema.GetFieldIndex(field.Name);
            columns[i] = position < 0 ? NullArrays.Create(field.DataType, native.Length) : Convert(field, native.Column(position));
        }

        GC.KeepAlive(native);
        return new RecordBatch(wanted, columns, native.Length);
    }

    public static RecordBatch Nulls(Schema wanted, int rows) =>
        new(wanted, wanted.FieldsList.Select(f => NullArrays.Create(f.DataType, rows)), rows);

    private static IArrowArray Convert(Field field, IArrowArray source)
    {
        // Files of old writers hold instants as 96-bit timestamps, which carry no zone.
        if (field.DataType is TimestampType { Timezone: not null } && source.Data.DataType is TimestampType { Timezone: null } zoneless)
        {
            ArrayData data = source.Data;
            source = ArrowArrayFactory.BuildArray(
                new ArrayData(new TimestampType(zoneless.Unit, "UTC"), data.Length, data.NullCount, data.Offset, data.Buffers, data.Children));
        }

        source = Prune(source, field.DataType);
        if (!LosslessCast.CanCast(source.Data.DataType, field.DataType))
        {
            throw new InvalidCastException($"column {field.Name} is {source.Data.DataType.Name}, the table has {field.DataType.Name}");
        }

        CastResult cast = LosslessCast.Cast(source, field.DataType);
        return cast.FailedRows == 0
            ? cast.Array
            : throw new InvalidCastException($"column {field.Name} holds a value that is no {field.DataType.Name} in row {cast.FirstFailedRow}");
    }

    /// <summary>Leaves out fields of structs that the table does not have: files may hold more than their table shows.</summary>
    private static IArrowArray Prune(IArrowArray source, IArrowType wanted)
    {
        ArrayData pruned = Prune(source.Data, wanted);
        return ReferenceEquals(pruned, source.Data) ? source : ArrowArrayFactory.BuildArray(pruned);
    }

    private static ArrayData Prune(ArrayData data, IArrowType wanted)
    {
        switch (data.DataType, wanted)
        {
            case (StructType from, StructType to):
                Field[] kept = [.. from.Fields.Where(f => to.Fields.Any(t => t.Name == f.Name))];
                ArrayData[] children = [.. kept.Select(f => Prune(data.Children[from.GetFieldIndex(f.Name)], to.Fields.First(t => t.Name == f.Name).DataType))];
                StructType type = new([.. kept.Select((f, i) => new Field(f.Name, children[i].DataType, f.IsNullable))]);
                return new ArrayData(type, data.Length, data.NullCount, data.Offset, data.Buffers, children);
            case (ListType from, ListType to) when to.ValueDataType is NestedType:
                ArrayData element = Prune(data.Children[0], to.ValueDataType);
                return new ArrayData(new ListType(new Field(from.ValueField.Name, element.DataType, from.ValueField.IsNullable)), data.Length, data.NullCount, data.Offset, data.Buffers, [element]);
            default:
                return data;
        }
    }

    private static int CountLeaves(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => CountLeaves(f.DataType)) : 1;
}
