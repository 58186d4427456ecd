using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Tests;

/// <summary>Types by name: "long", "decimal(38,10)", "list(text)", "map(text,long)", "struct(x:long,y:text)".</summary>
internal static class WordTypes
{
    public static IArrowType Parse(string text)
    {
        int open = text.IndexOf('(');
        string[] parts = open < 0 ? [] : Split(text[(open + 1)..^1]);
        return (open < 0 ? text : text[..open]) switch
        {
            "text" => StringType.Default,
            "bytes" => BinaryType.Default,
            "bool" => BooleanType.Default,
            "byte" => Int8Type.Default,
            "short" => Int16Type.Default,
            "int" => Int32Type.Default,
            "long" => Int64Type.Default,
            "float" => FloatType.Default,
            "double" => DoubleType.Default,
            "date" => Date32Type.Default,
            "time" => new TimestampType(TimeUnit.Microsecond, "UTC"),
            "localtime" => new TimestampType(TimeUnit.Microsecond, (string?)null),
            "decimal" => new Decimal128Type(int.Parse(parts[0]), int.Parse(parts[1])),
            "list" => new ListType(new Field("element", Parse(parts[0]), nullable: true)),
            "map" => new MapType(new Field("key", Parse(parts[0]), nullable: false), new Field("value", Parse(parts[1]), nullable: true)),
            "struct" => new StructType([.. parts.Select(Member)]),
            _ => throw new ArgumentException($"'{text}' is no type", nameof(text)),
        };
    }

    /// <summary>Splits at commas outside of brackets.</summary>
    public static string[] Split(string text)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] is '(' or '[' or '{' ? 1 : text[i] is ')' or ']' or '}' ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        return text.Length == 0 ? [] : [.. parts, text[start..]];
    }

    private static Field Member(string text)
    {
        string[] parts = text.Split(':', 2);
        return new Field(parts[0], Parse(parts[1]), nullable: true);
    }
}
