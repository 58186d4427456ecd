using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>
/// Reads <c>commitInfo</c>, which is free-form: a field of a kind this library does not expect is kept as extra, never an error. Texts are looked at
/// here all the same: one that is no text would otherwise be found out by whoever asks for it.
/// </summary>
internal static class CommitInfoParser
{
    public static CommitInfo Parse(JsonElement element)
    {
        CommitInfo info = new();
        if (element.ValueKind != JsonValueKind.Object)
        {
            return info;
        }

        JsonObject? extra = null;
        foreach (JsonProperty field in element.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            CheckTexts(field.Value);
            if (WithField(info, field.Name, field.Value) is { } changed)
            {
                info = changed;
            }
            else
            {
                extra ??= [];
                extra[field.Name] = JsonNode.Parse(field.Value.GetRawText());
            }
        }

        return info with { Extra = extra };
    }

    // Reading a text with half of a surrogate pair throws, and that is all that is wanted of it.
    private static void CheckTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    CheckTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    _ = member.Name;
                    CheckTexts(member.Value);
                }

                break;
            default:
                break;
        }
    }

    // Null when the field is unknown or of another kind.
    private static CommitInfo? WithField(CommitInfo info, string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out long number) ? WithNumber(info, name, number) : null,
        JsonValueKind.String => WithText(info, name, value),
        JsonValueKind.True or JsonValueKind.False when name == "isBlindAppend" => info with { IsBlindAppend = value.GetBoolean() },
        JsonValueKind.Object => WithObject(info, name, value),
        _ => null,
    };

    private static CommitInfo? WithNumber(CommitInfo info, string name, long value) => name switch
    {
        "timestamp" => info with { Timestamp = value },
        "inCommitTimestamp" => info with { InCommitTimestamp = value },
        "readVersion" => info with { ReadVersion = value },
        _ => null,
    };

    private static CommitInfo? WithText(CommitInfo info, string name, JsonElement value) => name switch
    {
        "operation" => info with { Operation = value.GetString() },
        "isolationLevel" => info with { IsolationLevel = value.GetString() },
        "engineInfo" => info with { EngineInfo = value.GetString() },
        "txnId" => info with { TxnId = value.GetString() },
        "userMetadata" => info with { UserMetadata = value.GetString() },
        _ => null,
    };

    private static CommitInfo? WithObject(CommitInfo info, string name, JsonElement value) => name switch
    {
        "operationParameters" => info with { OperationParameters = JsonObject.Create(value.Clone()) },
        "operationMetrics" => info with { OperationMetrics = JsonObject.Create(value.Clone()) },
        "tags" => info with { Tags = JsonObject.Create(value.Clone()) },
        _ => null,
    };
}
