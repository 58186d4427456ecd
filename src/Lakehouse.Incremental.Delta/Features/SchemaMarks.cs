using System.Text.Json;

namespace Lakehouse.Incremental.Delta.Features;

/// <summary>The keys of all field metadata in a schema, nested fields included: they tell which features are in use.</summary>
internal static class SchemaMarks
{
    public static IReadOnlySet<string> Of(string schemaString)
    {
        HashSet<string> marks = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(schemaString, new JsonDocumentOptions { MaxDepth = 256 });
            Collect(document.RootElement, marks);
        }
        catch (JsonException error)
        {
            throw new CorruptTableException(ErrorCodes.CorruptLog, $"The schema of the table is not valid JSON: {error.Message}", error);
        }

        return marks;
    }

    private static void Collect(JsonElement type, HashSet<string> marks)
    {
        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement field in type.EnumerateArray())
            {
                Collect(field, marks);
            }
        }
        else if (type.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in type.EnumerateObject())
            {
                if (property.NameEquals("metadata") && property.Value.ValueKind == JsonValueKind.Object)
                {
                    foreach (JsonProperty mark in property.Value.EnumerateObject())
                    {
                        marks.Add(mark.Name);
                    }
                }
                else
                {
                    Collect(property.Value, marks);
                }
            }
        }
    }
}
