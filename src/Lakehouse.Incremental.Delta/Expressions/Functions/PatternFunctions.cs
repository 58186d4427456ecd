using System.Text.RegularExpressions;
using Lakehouse.Incremental.Delta.Expressions.Binding;
using Lakehouse.Incremental.Delta.Expressions.Kernels;
using Lakehouse.Incremental.Delta.Expressions.Values;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Expressions.Functions;

/// <summary>LIKE and regular expressions. Patterns are prepared once each, not once a row.</summary>
internal static class PatternFunctions
{
    private static readonly DataType Text = PrimitiveType.String;

    public static void AddTo(FunctionTable table)
    {
        foreach (string name in (string[])["like", "ilike"])
        {
            bool ignoreCase = name == "ilike";
            table.Add(name, 2, arguments => Like(name, arguments, ignoreCase));
            table.Add(name, 3, arguments => Like(name, arguments, ignoreCase));
        }

        table.Add("rlike", 2, static arguments =>
            Search<bool>("rlike", PrimitiveType.Boolean, arguments, static (regex, texts) => regex.IsMatch(texts[0])));
        table.Alias("regexp_like", "rlike");
        table.Alias("regexp", "rlike");
        table.Add("regexp_replace", 3, static arguments => Search<string>("regexp_replace", Text, arguments, static (regex, texts) =>
            regex.Replace(texts[0], JavaRegex.Replacement(texts[2]))));
        table.Add("regexp_extract", 2, static arguments => Extract([.. arguments, new BoundLiteral(1, PrimitiveType.Integer)]));
        table.Add("regexp_extract", 3, Extract);
    }

    private static BoundCall Like(string name, IReadOnlyList<BoundNode> arguments, bool ignoreCase)
    {
        BoundNode[] values = [.. arguments.Select(argument => Coercion.Implicit(argument, Text, name))];
        return new BoundCall(PrimitiveType.Boolean, values, (vectors, scope) =>
        {
            Cells<string>[] texts = [.. vectors.Select(static vector => new Cells<string>(vector))];
            Dictionary<(string, string), LikePattern> patterns = [];
            return RowsKernel.Each<bool>(SqlTypes.Arrow(PrimitiveType.Boolean), Validity.Of(vectors, scope.Rows), scope, row =>
            {
                (string Pattern, string Escape) key = (texts[1][row], texts.Length > 2 ? texts[2][row] : "\\");
                if (!patterns.TryGetValue(key, out LikePattern? pattern))
                {
                    char escape = key.Escape.Length == 1 ? key.Escape[0] : throw ExpressionErrors.Failed("an escape is one character");
                    patterns.Add(key, pattern = new LikePattern(key.Pattern, escape, ignoreCase));
                }

                return pattern.Matches(texts[0][row]);
            });
        });
    }

    private static BoundNode Extract(IReadOnlyList<BoundNode> arguments)
    {
        BoundNode[] values =
        [
            Coercion.Implicit(arguments[0], Text, "regexp_extract"), Coercion.Implicit(arguments[1], Text, "regexp_extract"),
            Coercion.Implicit(arguments[2], PrimitiveType.Integer, "regexp_extract"),
        ];
        return new BoundCall(Text, values, static (vectors, scope) =>
        {
            (Cells<string> texts, Cells<string> patterns, Cells<int> groups) = (new(vectors[0]), new(vectors[1]), new(vectors[2]));
            Dictionary<string, Regex> compiled = new(StringComparer.Ordinal);
            return RowsKernel.Each<string>(SqlTypes.Arrow(Text), Validity.Of(vectors, scope.Rows), scope, row =>
            {
                Regex regex = Compiled(compiled, patterns[row]);
                int group = groups[row];
                if (group < 0 || group >= regex.GetGroupNumbers().Length)
                {
                    throw ExpressionErrors.Failed(FormattableString.Invariant($"the regular expression has no group {group}"));
                }

                return JavaRegex.Guard(regex, () => regex.Match(texts[row]).Groups[group].Value);
            });
        });
    }

    // The pattern is the second argument.
    private static BoundCall Search<TR>(string name, DataType type, IReadOnlyList<BoundNode> arguments, Func<Regex, string[], TR> function)
    {
        BoundNode[] values = [.. arguments.Select(argument => Coercion.Implicit(argument, Text, name))];
        return new BoundCall(type, values, (vectors, scope) =>
        {
            Cells<string>[] texts = [.. vectors.Select(static vector => new Cells<string>(vector))];
            Dictionary<string, Regex> compiled = new(StringComparer.Ordinal);
            return RowsKernel.Each<TR>(SqlTypes.Arrow(type), Validity.Of(vectors, scope.Rows), scope, row =>
            {
                Regex regex = Compiled(compiled, texts[1][row]);
                return JavaRegex.Guard(regex, () => function(regex, [.. texts.Select(text => text[row])]));
            });
        });
    }

    private static Regex Compiled(Dictionary<string, Regex> compiled, string pattern)
    {
        if (!compiled.TryGetValue(pattern, out Regex? regex))
        {
            compiled.Add(pattern, regex = JavaRegex.Compile(pattern));
        }

        return regex;
    }
}
