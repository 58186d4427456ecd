using System.Text;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>Functions on texts.</summary>
internal static class TextFunctions
{
    private const int LongestText = 1 << 24;
    private static readonly DataType Text = PrimitiveType.String;
    private static readonly DataType Whole = PrimitiveType.Integer;
    private static readonly DataType Truth = PrimitiveType.Boolean;

    public static void AddTo(FunctionTable table)
    {
        AddCaseAndTrim(table);
        AddParts(table);
        AddSearch(table);
        table.AddVariadic("concat", Concat);
        table.AddVariadic("concat_ws", ConcatWithSeparator);
        table.Add<string, string>("reverse", Text, Text, static text => CodePoints.Reverse(text));
        table.Add<string, int, string>("repeat", Text, Whole, Text, static (text, count) => (long)text.Length * count <= LongestText
            ? new StringBuilder().Insert(0, text, Math.Max(count, 0)).ToString()
            : throw ExpressionErrors.Overflow("a repeated text is too long"));
        table.Add<string, int>("ascii", Text, Whole, static text => text.Length == 0 ? 0 : Rune.GetRuneAt(text, 0).Value);
        table.Add<long, string>("chr", PrimitiveType.Long, Text, static code => code < 0 ? "" : ((char)(code & 0xFF)).ToString());
        table.Alias("char", "chr");
        table.Add<int, string>("space", Whole, Text, static count => new string(' ', Math.Min(Math.Max(count, 0), LongestText)));
    }

    private static void AddCaseAndTrim(FunctionTable table)
    {
        table.Add<string, string>("upper", Text, Text, static text => text.ToUpperInvariant());
        table.Alias("ucase", "upper");
        table.Add<string, string>("lower", Text, Text, static text => text.ToLowerInvariant());
        table.Alias("lcase", "lower");
        table.Add<string, string>("initcap", Text, Text, static text => InitialCapitals(text));
        table.Add<string, string>("trim", Text, Text, static text => text.Trim(' '));
        table.Add<string, string>("btrim", Text, Text, static text => text.Trim(' '));
        table.Add<string, string>("ltrim", Text, Text, static text => text.TrimStart(' '));
        table.Add<string, string>("rtrim", Text, Text, static text => text.TrimEnd(' '));
        table.Add<string, string, string>("btrim", Text, Text, Text, static (text, set) => text.Trim(Set(set)));
        table.Add<string, string, string>("ltrim of", Text, Text, Text, static (text, set) => text.TrimStart(Set(set)));
        table.Add<string, string, string>("rtrim of", Text, Text, Text, static (text, set) => text.TrimEnd(Set(set)));
        table.Add<string, int, string>("lpad", Text, Whole, Text, static (text, length) => Padded(text, length, " ", left: true));
        table.Add<string, int, string>("rpad", Text, Whole, Text, static (text, length) => Padded(text, length, " ", left: false));
        table.Add<string, int, string, string>("lpad", Text, Whole, Text, Text, static (text, length, pad) => Padded(text, length, pad, left: true));
        table.Add<string, int, string, string>("rpad", Text, Whole, Text, Text, static (text, length, pad) => Padded(text, length, pad, left: false));
    }

    private static void AddParts(FunctionTable table)
    {
        table.Add<string, int>("char_length", Text, Whole, static text => CodePoints.Count(text));
        table.Alias("character_length", "char_length");
        table.Add<string, int, string>("substring", Text, Whole, Text, static (text, start) => Substring(text, start, int.MaxValue));
        table.Add<string, int, int, string>("substring", Text, Whole, Whole, Text, static (text, start, length) => Substring(text, start, length));
        table.Alias("substr", "substring");
        table.Add<string, int, string>("left", Text, Whole, Text, static (text, length) => CodePoints.Slice(text, 0, Math.Max(length, 0)));
        table.Add<string, int, string>("right", Text, Whole, Text, static (text, length) =>
            length <= 0 ? "" : CodePoints.Slice(text, Math.Max(CodePoints.Count(text) - length, 0), length));
        table.Add<string, string, int, string>("split_part", Text, Text, Whole, Text, static (text, delimiter, part) =>
            SplitPart(text, delimiter, part));
        table.Add<string, string, int, string>("substring_index", Text, Text, Whole, Text, static (text, delimiter, count) =>
            SubstringIndex(text, delimiter, count));
        table.Add<string, string, string>("replace", Text, Text, Text, static (text, old) => Replace(text, old, ""));
        table.Add<string, string, string, string>("replace", Text, Text, Text, Text, static (text, old, other) => Replace(text, old, other));
        table.Add<string, string, string, string>("translate", Text, Text, Text, Text, static (text, from, to) => Translate(text, from, to));
    }

    private static void AddSearch(FunctionTable table)
    {
        table.Add<string, string, bool>("startswith", Text, Text, Truth, static (text, part) => text.StartsWith(part, StringComparison.Ordinal));
        table.Add<string, string, bool>("endswith", Text, Text, Truth, static (text, part) => text.EndsWith(part, StringComparison.Ordinal));
        table.Add<string, string, bool>("contains", Text, Text, Truth, static (text, part) => text.Contains(part, StringComparison.Ordinal));
        table.Add<string, string, int>("instr", Text, Text, Whole, static (text, part) => CodePoints.Find(text, part, 1));
        table.Add<string, string, int>("locate", Text, Text, Whole, static (part, text) => CodePoints.Find(text, part, 1));
        table.Add<string, string, int, int>("locate", Text, Text, Whole, Whole, static (part, text, from) => CodePoints.Find(text, part, from));
        table.Alias("position", "locate");
        table.Alias("charindex", "locate");
    }

    // A start of 0 is the first character; a negative one counts from the end, and may lie before the beginning.
    private static string Substring(string text, int start, int length) =>
        CodePoints.Slice(text, start > 0 ? start - 1L : start < 0 ? CodePoints.Count(text) + (long)start : 0, length);

    private static string Padded(string text, int length, string pad, bool left) => length <= LongestText
        ? CodePoints.Pad(text, length, pad, left)
        : throw ExpressionErrors.Overflow("a padded text is too long");

    private static string Replace(string text, string old, string other) => old.Length == 0 ? text
        : text.Replace(old, other, StringComparison.Ordinal);

    private static char[] Set(string characters) => characters.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
        ? throw ExpressionErrors.Failed("characters beyond U+FFFF cannot be trimmed")
        : characters.Length == 0 ? ['\uFFFF'] : characters.ToCharArray();

    private static string InitialCapitals(string text)
    {
        StringBuilder result = new(text.ToLowerInvariant());
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = i == 0 || result[i - 1] == ' ' ? char.ToUpperInvariant(result[i]) : result[i];
        }

        return result.ToString();
    }

    private static string SplitPart(string text, string delimiter, int part)
    {
        if (part == 0)
        {
            throw ExpressionErrors.Failed("split_part counts from 1");
        }

        string[] parts = delimiter.Length == 0 ? [text] : text.Split(delimiter, StringSplitOptions.None);
        int at = part > 0 ? part - 1 : parts.Length + part;
        return at >= 0 && at < parts.Length ? parts[at] : "";
    }

    private static string SubstringIndex(string text, string delimiter, int count)
    {
        if (count == 0 || delimiter.Length == 0)
        {
            return "";
        }

        string[] parts = text.Split(delimiter, StringSplitOptions.None);
        return Math.Abs((long)count) >= parts.Length ? text
            : string.Join(delimiter, count > 0 ? parts[..count] : parts[^-count..]);
    }

    private static string Translate(string text, string from, string to)
    {
        Rune[] olds = [.. from.EnumerateRunes()];
        Rune[] news = [.. to.EnumerateRunes()];
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            int at = System.Array.IndexOf(olds, rune);
            if (at < 0 || at < news.Length)
            {
                result.Append(at < 0 ? rune : news[at]);
            }
        }

        return result.ToString();
    }

    private static BoundNode Concat(IReadOnlyList<BoundNode> arguments)
    {
        bool bytes = arguments.All(static argument => argument.Type == PrimitiveType.Binary);
        if (arguments.Any(static argument => argument.Type is ArrayType))
        {
            throw ExpressionErrors.Unsupported("concat of arrays");
        }

        DataType type = bytes ? PrimitiveType.Binary : Text;
        BoundNode[] values = [.. arguments.Select(argument => Coercion.Implicit(argument, type, "concat"))];
        return new BoundCall(type, values, (vectors, scope) =>
        {
            byte[]? validity = Validity.Of(vectors, scope.Rows);
            if (bytes)
            {
                Cells<byte[]>[] parts = [.. vectors.Select(static vector => new Cells<byte[]>(vector))];
                return RowsKernel.Each<byte[]>(SqlTypes.Arrow(type), validity, scope, row => (byte[])[.. parts.SelectMany(part => part[row])]);
            }

            Cells<string>[] texts = [.. vectors.Select(static vector => new Cells<string>(vector))];
            return RowsKernel.Each<string>(SqlTypes.Arrow(type), validity, scope, row => string.Concat(texts.Select(part => part[row])));
        });
    }

    // Nulls are left out; only a separator that is null makes the result so.
    private static BoundNode ConcatWithSeparator(IReadOnlyList<BoundNode> arguments)
    {
        BoundNode[] values = [.. arguments.Select(static argument => Coercion.Implicit(argument, Text, "concat_ws"))];
        return new BoundCall(Text, values, static (vectors, scope) =>
        {
            Cells<string>[] texts = [.. vectors.Select(static vector => new Cells<string>(vector))];
            return RowsKernel.Each<string>(SqlTypes.Arrow(Text), Validity.Of(vectors[0], scope.Rows), scope, row => string.Join(
                texts[0][row], Enumerable.Range(1, texts.Length - 1).Where(i => !vectors[i].IsNull(row)).Select(i => texts[i][row])));
        });
    }
}
