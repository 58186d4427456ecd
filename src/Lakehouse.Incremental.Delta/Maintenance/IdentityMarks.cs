using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Maintenance;

/// <summary>How far identity columns have counted: an older schema that comes back must not make them give a number twice.</summary>
internal static class IdentityMarks
{
    private const string HighWaterMark = "delta.identity.highWaterMark";
    private const string Step = "delta.identity.step";

    /// <summary>A schema with the marks of another one where those are further.</summary>
    public static string Kept(string schema, string later)
    {
        if (!later.Contains(HighWaterMark, StringComparison.Ordinal))
        {
            return schema;
        }

        StructType former = SchemaJson.Parse(schema);
        StructType current = SchemaJson.Parse(later);
        bool changed = false;
        StructField[] fields =
        [
            .. former.Fields.Select(field =>
            {
                int position = current.IndexOf(field.Name);
                if (position < 0 || Further(field.Metadata, current.Fields[position].Metadata) is not { } mark)
                {
                    return field;
                }

                changed = true;
                JsonObject metadata = field.Metadata!.DeepClone().AsObject();
                metadata[HighWaterMark] = mark.DeepClone();
                return field with { Metadata = metadata };
            }),
        ];
        return changed ? SchemaJson.Write(new StructType(fields)) : schema;
    }

    private static JsonNode? Further(JsonObject? former, JsonObject? current)
    {
        if (former is null || !former.ContainsKey(Step) || Number(current?[HighWaterMark]) is not { } now)
        {
            return null;
        }

        bool isFurther = Number(former[HighWaterMark]) is not { } then || (Number(former[Step]) < 0 ? now < then : now > then);
        return isFurther ? current![HighWaterMark] : null;
    }

    private static BigInteger? Number(JsonNode? node) =>
        node is JsonValue value && BigInteger.TryParse(value.ToJsonString().Trim('"'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
            ? number
            : null;
}
