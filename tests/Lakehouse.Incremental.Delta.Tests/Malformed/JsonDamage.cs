using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>
/// Damage to JSON lines that keeps them lines: forged values, wrong kinds, fields twice or not at all, texts no reader should trust.
/// </summary>
internal static class JsonDamage
{
    private static readonly string[] Neutral =
        ["stats", "tags", "commitInfo", "txn", "modificationTime", "deletionTimestamp", "name", "description", "createdTime"];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    public static (byte[] Content, string Script, Promise Promise) Apply(byte[] whole, Random random)
    {
        string[] lines = Encoding.UTF8.GetString(whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int number = random.Next(lines.Length);
        switch (random.Next(9))
        {
            case 0:
                return (Join([.. lines, lines[number]]), $"line {number} twice", Promise.SameRows);
            case 1:
                return (Join([.. lines[..number], .. lines[(number + 1)..]]), $"without line {number}", Promise.AnyRows);
            default:
                (string line, string script, Promise promise) = Line(lines[number], random);
                lines[number] = line;
                return (Join(lines), $"line {number} {script}", promise);
        }
    }

    private static byte[] Join(string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static (string Line, string Script, Promise Promise) Line(string line, Random random)
    {
        JsonNode root = JsonNode.Parse(line)!;
        List<JsonNode?> nodes = [];
        List<(JsonNode Parent, string? Name, int Index)> places = [];
        Collect(root, places);
        (JsonNode parent, string? name, int index) = places[random.Next(places.Count)];
        string path = parent.GetPath() + (name is null ? $"[{index}]" : "." + name);
        bool neutral = !path.Contains("metaData", StringComparison.Ordinal)
            && Neutral.Any(field => path.Contains("." + field, StringComparison.Ordinal));
        Promise promise = neutral ? Promise.SameRows : Promise.AnyRows;
        JsonNode? old = name is null ? parent[index] : parent[name];
        if (name is not null && random.Next(8) == 0)
        {
            ((JsonObject)parent).Remove(name);
            return (root.ToJsonString(Relaxed), $"without {path}", promise);
        }

        if (name == "stats" && random.Next(2) == 0)
        {
            (string inner, string done, _) = Line(old!.GetValue<string>(), random);
            parent[name] = inner;
            return (root.ToJsonString(Relaxed), $"{path}: {done}", promise);
        }

        if (name == "schemaString" && random.Next(4) != 0)
        {
            (string inner, string done, _) = Line(old!.GetValue<string>(), random);
            parent[name] = inner;
            return (root.ToJsonString(Relaxed), $"{path}: {done}", Promise.AnyRows);
        }

        // Raw text goes in where a mark stands, for not all of it is JSON.
        const string Mark = "the-mark";
        string raw = Raw(old?.ToJsonString(Relaxed) ?? "null", random);
        if (name is null)
        {
            parent[index] = Mark;
        }
        else
        {
            parent[name] = Mark;
        }

        string forged = root.ToJsonString(Relaxed).Replace("\"" + Mark + "\"", raw, StringComparison.Ordinal);
        string shown = raw.Length > 200 ? string.Create(CultureInfo.InvariantCulture, $"{raw[..20]}… ({raw.Length} characters)") : raw;
        return (forged, $"{path} becomes {shown}", promise);
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, string? Name, int Index)> places)
    {
        if (node is JsonObject map)
        {
            foreach ((string name, JsonNode? value) in map.ToList())
            {
                places.Add((map, name, 0));
                if (value is not null)
                {
                    Collect(value, places);
                }
            }
        }
        else if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                places.Add((list, null, i));
                if (list[i] is { } value)
                {
                    Collect(value, places);
                }
            }
        }
    }

    private static string Raw(string old, Random random)
    {
        string[] forged =
        [
            "0", "-1", "1", "2", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
            "1e308", "1e999", "1.5", "0.1e1", "NaN", "true", "false", "null", "{}", "[]", "[1]", "[null]", "[[]]", "{\"a\":1}", "{\"a\":null}",
            "\"\"", "\" \"", "\"x\"", "\"../../etc/passwd\"", "\"%2e%2e/%2E%2E/x\"", "\"a/../../b\"", "\"/etc/passwd\"", "\"file:///etc/passwd\"",
            "\"s3://bucket/key\"", "\"http://169.254.169.254/x\"", "\"C:\\\\x\"", "\"a\\u0000b\"", "\"\\ud800\"",
            "\"\\udc00\\ud800\"", "\"%00\"", "\"%ff%fe\"", "\"%\"",
            "\"12\"", "\"-5\"", "\"1e5\"", "\"decimal(38,39)\"", "\"decimal(0,0)\"", "\"struct\"", "\"array\"", "\"map\"", "\"void\"", "\"variant\"",
            "\"u\"", "\"i\"", "\"p\"", "\"interval 1 weeks\"", "\"\uFFFD\"", "\"\U0001F600\"",
        ];
        return random.Next(12) switch
        {
            0 => string.Concat(Enumerable.Repeat("[", 100_000)) + string.Concat(Enumerable.Repeat("]", 100_000)),
            1 => string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000),
            2 => "\"" + new string('x', 1 << 20) + "\"",
            3 => new string('9', 10_000),
            4 => $"{old},\"twice\":{old},\"twice\":{old}",
            _ => forged[random.Next(forged.Length)],
        };
    }
}
