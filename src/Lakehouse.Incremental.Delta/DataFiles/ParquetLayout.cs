using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using ListType = Apache.Arrow.Types.ListType;
using MapType = Apache.Arrow.Types.MapType;
using StructType = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.DataFiles;

/// <summary>
/// The form in which rows are written. Void columns and fields are left out, as the format asks. Nested fields are optional: a required field inside
/// of a struct that is null has no value, which Parquet writers take for a forbidden null; nulls elsewhere were refused before.
/// </summary>
internal static class ParquetLayout
{
    /// <summary>The column as it is stored; null when nothing of it is.</summary>
    public static Field? Stored(Field field) => Stored(field.DataType) is { } type ? Stored(field, type, field.IsNullable) : null;

    /// <summary>The same values without what is not stored.</summary>
    public static IArrowArray Stored(IArrowArray array, IArrowType stored) =>
        array.Data.DataType is NestedType ? ArrowArrayFactory.BuildArray(Stored(array.Data, stored)) : array;

    private static IArrowType? Stored(IArrowType type)
    {
        switch (type)
        {
            case NullType:
                return null;
            case StructType structure:
                Field[] fields = [.. structure.Fields.Select(Optional).OfType<Field>()];
                return fields.Length == 0 ? null : new StructType(fields);
            case MapType map:
                return Stored(map.KeyField.DataType) is { } key && Optional(map.ValueField) is { } value
                    ? new MapType(new Field("key", key, nullable: false), value) : null;
            case ListType list:
                return Optional(list.ValueField) is { } element ? new ListType(element) : null;
            default:
                return type;
        }
    }

    private static Field? Optional(Field field) => Stored(field.DataType) is { } type ? Stored(field, type, nullable: true) : null;

    // Of the metadata only the field id goes into files: a mark of an extension type would change how others read the column.
    private static Field Stored(Field field, IArrowType type, bool nullable) => new(
        field.Name,
        type,
        nullable,
        field.Metadata is { } metadata && metadata.TryGetValue(ColumnMapping.ParquetFieldId, out string? id)
            ? new Dictionary<string, string> { [ColumnMapping.ParquetFieldId] = id } : null);

    private static ArrayData Stored(ArrayData data, IArrowType stored)
    {
        if (data.DataType is not NestedType from || stored is not NestedType to)
        {
            return data;
        }

        int[] kept = [.. Enumerable.Range(0, from.Fields.Count).Where(i => from is not StructType || Stored(from.Fields[i].DataType) is not null)];
        ArrayData[] children = [.. kept.Select((child, i) => Stored(data.Children[child], to.Fields[i].DataType))];
        return new ArrayData(stored, data.Length, data.NullCount, data.Offset, data.Buffers, children);
    }
}
