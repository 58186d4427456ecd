namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>A type as it is to those who know nothing about its table: everything in it may be null, and no field is annotated.</summary>
internal static class PlainType
{
    public static DataType Of(DataType type) => type switch
    {
        StructType structure => Of(structure),
        ArrayType array => new ArrayType(Of(array.ElementType)),
        MapType map => new MapType(Of(map.KeyType), Of(map.ValueType)),
        _ => type,
    };

    public static StructType Of(StructType type) => new([.. type.Fields.Select(static field => new StructField(field.Name, Of(field.Type)))]);
}
