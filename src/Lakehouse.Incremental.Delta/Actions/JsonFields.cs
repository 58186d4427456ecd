using System.Globalization;
using System.Text.Json;

namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>
/// Reads the fields of one action with the leniency the wild asks for: an integer may come as 1, 1.0 or "1". A field of a wrong kind, and a
/// required one that is absent, raise <see cref="FormatException"/> with their name.
/// </summary>
internal readonly struct JsonFields
{
    private readonly string _action;
    private readonly JsonElement _element;

    public JsonFields(string action, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{action} is not an object");
        }

        _action = action;
        _element = element;
    }

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public long RequiredInteger(string name) => Integer(name) ?? throw Missing(name);

    public int RequiredInt32(string name) => Int32(name) ?? throw Missing(name);

    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw WrongKind(name, "a text");

    public bool? Flag(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out bool flag) => flag,
        _ => throw WrongKind(name, "true or false"),
    };

    public long? Integer(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number))
        {
            return number;
        }

        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact)
            && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue
                ? (long)exact
                : throw WrongKind(name, "a whole number of 64 bits");
    }

    public int? Int32(string name) => Integer(name) is not { } number ? null
        : number is >= int.MinValue and <= int.MaxValue ? (int)number : throw WrongKind(name, "a whole number of 32 bits");

    public JsonFields? Object(string name) => Find(name) is { } value ? new JsonFields(_action + "." + name, value) : null;

    public IReadOnlyList<string>? TextList(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw WrongKind(name, "a list");
        }

        List<string> list = new(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            list.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw WrongKind(name, "a list of texts"));
        }

        return list;
    }

    /// <summary>A map of texts, in which numbers and flags stand for their text.</summary>
    public Dictionary<string, string?>? NullableTexts(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw WrongKind(name, "an object");
        }

        Dictionary<string, string?> map = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in value.EnumerateObject())
        {
            map[entry.Name] = entry.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => entry.Value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => entry.Value.GetRawText(),
                _ => throw WrongKind(name, "an object of texts"),
            };
        }

        return map;
    }

    /// <summary>As <see cref="NullableTexts"/> without the entries that are null.</summary>
    public Dictionary<string, string>? Texts(string name) => NullableTexts(name)?
        .Where(entry => entry.Value is not null)
        .ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal);

    private JsonElement? Find(string name) =>
        _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private FormatException Missing(string name) => new($"{_action}.{name} is missing");

    private FormatException WrongKind(string name, string kind) => new($"{_action}.{name} is not {kind}");
}
