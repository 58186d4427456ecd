using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>Which changes of a column's type keep every value, and how a schema records them (protocol notes, section 13, typeWidening).</summary>
internal static class TypeWidening
{
    public const string ChangesKey = "delta.typeChanges";

    private static readonly string[] Integers = ["byte", "short", "integer", "long"];

    /// <summary>Digits of a decimal that holds all values of each of <see cref="Integers"/>, as Delta counts them.</summary>
    private static readonly int[] Digits = [3, 5, 10, 20];

    /// <summary>Whether the protocol lets a column of one type become one of the other.</summary>
    public static bool IsAllowed(DataType from, DataType to) => (from, to) switch
    {
        (DecimalType f, DecimalType t) => t.Scale >= f.Scale && t.Precision - f.Precision >= t.Scale - f.Scale && f != t,
        (PrimitiveType f, DecimalType t) when Rank(f) >= 0 => t.Precision - t.Scale >= Digits[Rank(f)],
        (PrimitiveType f, PrimitiveType t) when t == PrimitiveType.Double => f == PrimitiveType.Float || Rank(f) is >= 0 and < 3,
        (PrimitiveType f, PrimitiveType t) when t == PrimitiveType.TimestampNtz => f == PrimitiveType.Date,
        (PrimitiveType f, PrimitiveType t) => Rank(f) >= 0 && Rank(t) > Rank(f),
        _ => false,
    };

    /// <summary>Adds a change to the metadata of the field that is, or holds, what changed.</summary>
    /// <param name="field">The nearest named field.</param>
    /// <param name="fieldPath">The way from the field to what changed through lists and maps, such as <c>value.element</c>; empty for the field.</param>
    /// <param name="from">The former type.</param>
    /// <param name="to">The new type.</param>
    public static StructField Record(StructField field, string fieldPath, DataType from, DataType to)
    {
        JsonObject metadata = field.Metadata is null ? [] : field.Metadata.DeepClone().AsObject();
        JsonArray changes = metadata[ChangesKey] as JsonArray ?? [];
        metadata.Remove(ChangesKey);
        JsonObject change = new() { ["fromType"] = from.ToString(), ["toType"] = to.ToString() };
        if (fieldPath.Length > 0)
        {
            change["fieldPath"] = fieldPath;
        }

        changes.Add(change);
        metadata[ChangesKey] = changes;
        return field with { Metadata = metadata };
    }

    /// <summary>Refuses a table in which a type changed in a way this library would read wrongly.</summary>
    /// <exception cref="UnsupportedFeatureException">The change is named.</exception>
    public static void Check(DataType type)
    {
        switch (type)
        {
            case StructType structure:
                foreach (StructField field in structure.Fields)
                {
                    foreach (JsonNode? change in field.Metadata?[ChangesKey] as JsonArray ?? [])
                    {
                        Check(field.Name, (change as JsonObject)?["fromType"]?.ToString(), (change as JsonObject)?["toType"]?.ToString());
                    }

                    Check(field.Type);
                }

                break;
            case ArrayType array:
                Check(array.ElementType);
                break;
            case MapType map:
                Check(map.KeyType);
                Check(map.ValueType);
                break;
            default:
                break;
        }
    }

    private static void Check(string column, string? from, string? to)
    {
        if (from is null || to is null || SchemaJson.TryPrimitive(from) is not { } before || SchemaJson.TryPrimitive(to) is not { } after
            || !IsAllowed(before, after))
        {
            throw new UnsupportedFeatureException(
                ErrorCodes.UnsupportedFeature, $"The column '{column}' changed from {from} to {to} (feature 'typeWidening'), which is not known.");
        }
    }

    private static int Rank(PrimitiveType type) => Array.IndexOf(Integers, type.Name);
}
