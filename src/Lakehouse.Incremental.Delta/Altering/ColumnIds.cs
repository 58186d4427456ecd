using System.Globalization;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Altering;

/// <summary>
/// Gives the fields of a table with column mapping ids and physical names. Fields of files that exist keep their names as physical ones, new fields get
/// names that no file has used.
/// </summary>
internal sealed class ColumnIds(IdSource ids, bool existing)
{
    private long _greatest;

    /// <summary>The schema with every field numbered, and the properties with the greatest id ever used.</summary>
    public (StructType Schema, IReadOnlyDictionary<string, string> Properties) Assign(StructType schema, IReadOnlyDictionary<string, string> properties)
    {
        _greatest = Math.Max(Greatest(schema), Recorded(properties));
        StructType assigned = (StructType)Assign((DataType)schema);
        Dictionary<string, string> changed = new(properties, StringComparer.Ordinal)
        {
            [TableProperties.MaxColumnIdKey] = _greatest.ToString(CultureInfo.InvariantCulture),
        };
        return (assigned, changed);
    }

    private DataType Assign(DataType type) => type switch
    {
        StructType structure => new StructType([.. structure.Fields.Select(Assign)]),
        ArrayType array => array with { ElementType = Assign(array.ElementType) },
        MapType map => map with { KeyType = Assign(map.KeyType), ValueType = Assign(map.ValueType) },
        _ => type,
    };

    private StructField Assign(StructField field)
    {
        JsonObject metadata = field.Metadata is null ? [] : field.Metadata.DeepClone().AsObject();
        if (!metadata.ContainsKey(ColumnMapping.IdKey))
        {
            metadata[ColumnMapping.IdKey] = ++_greatest;
        }

        if (!metadata.ContainsKey(ColumnMapping.PhysicalNameKey))
        {
            metadata[ColumnMapping.PhysicalNameKey] = existing ? field.Name : $"col-{ids.NewId():D}";
        }

        return field with { Metadata = metadata, Type = Assign(field.Type) };
    }

    private static long Greatest(DataType type) => type switch
    {
        StructType structure => structure.Fields.Select(static field => Math.Max(ColumnMapping.FieldId(field) ?? 0, Greatest(field.Type))).DefaultIfEmpty(0).Max(),
        ArrayType array => Greatest(array.ElementType),
        MapType map => Math.Max(Greatest(map.KeyType), Greatest(map.ValueType)),
        _ => 0,
    };

    private static long Recorded(IReadOnlyDictionary<string, string> properties) =>
        properties.TryGetValue(TableProperties.MaxColumnIdKey, out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
