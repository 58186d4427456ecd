namespace Lakehouse.Incremental.Conformance.Tests.RawMerge;

/// <summary>Generates merges: keys that are often null, NaN or the same, and conditions that are often unknown.</summary>
internal sealed class MergeGenerator(int seed)
{
    private static readonly string[] Names = ["id", "k", "x", "n", "d", "t", "p"];

    private static readonly string[] Joins =
    [
        "target.id = source.id",
        "target.id = source.id",
        "target.id = source.id AND target.k = source.k",
        "target.x = source.x",
        "target.x = source.x AND target.id = source.id",
        "source.id = target.id AND target.n < source.n",
        "target.id = source.id AND target.k = 'a'",
        "target.id = source.id AND target.n >= 2 AND target.id <> 5",
        "target.id + 1 = source.id",
        "target.id <=> source.id AND target.k = source.k",
        "target.d = source.n",
        "target.d = source.d AND target.id <=> source.id",
        "target.t = source.t",
        "target.p = source.p",
        "target.p.a = source.id AND target.t <= source.t",
        "target.k = source.k AND target.x <=> source.x",
    ];

    private static readonly string[] Texts = ["a", "b", "c", "it's", "\u00e4 \n\t", "\U0001F600\\", "\u0001", " a"];

    private readonly Random _random = new(seed);

    public MergeCase Next()
    {
        bool partitioned = Chance(4);
        bool unique = !Chance(5);
        return new MergeCase
        {
            Seed = seed,
            Target = [.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Rows(_random.Next(0, 8)))],
            Source = unique ? [.. Rows(_random.Next(0, 10)).DistinctBy(static row => row.Id)] : Rows(_random.Next(0, 10)),
            On = Pick(Joins),
            Clauses = Clauses(),
            DeletionVectors = Chance(2),
            ChangeData = Chance(3),
            Partitioned = partitioned,
        };
    }

    private List<MergeCaseClause> Clauses()
    {
        List<MergeCaseClause> clauses = [];
        while (clauses.Count == 0)
        {
            for (int i = _random.Next(0, 4); i > 0; i--)
            {
                clauses.Add(Matched(isLast: i == 1));
            }

            for (int i = _random.Next(0, 3); i > 0; i--)
            {
                bool all = Chance(2);
                clauses.Add(new MergeCaseClause("NOT MATCHED", Condition(i == 1, "source"), all ? All() : Some(["source"]), all));
            }

            for (int i = Chance(2) ? _random.Next(0, 3) : 0; i > 0; i--)
            {
                string? scope = Chance(2) ? Pick("a", "b") : null;
                string? condition = scope is null && i > 1 ? Condition(2, "target") : Condition(i == 1, "target");
                clauses.Add(new MergeCaseClause("NOT MATCHED BY SOURCE", condition, Chance(2) ? null : Some(["target"]), ScopeKey: scope));
            }
        }

        return clauses;
    }

    private MergeCaseClause Matched(bool isLast)
    {
        bool all = Chance(3);
        string? condition = Condition(isLast, "target", "source");
        return new MergeCaseClause("MATCHED", condition, all ? All() : Chance(3) ? null : Some(["target", "source"]), all);
    }

    private static List<(string Column, string Value)> All() => [.. Names.Select(static name => (name, $"source.{name}"))];

    private List<(string Column, string Value)> Some(string[] sides) =>
        [.. Names.Where(_ => Chance(2)).DefaultIfEmpty("n").Select(name => (name, Value(name, sides)))];

    private string Value(string column, string[] sides)
    {
        string side = Pick(sides);
        return column switch
        {
            "id" => Pick($"{side}.id", $"{side}.id + 100", "NULL"),
            "k" => Pick($"{side}.k", "'z'", $"upper({side}.k)", $"{side}.k || '!'", "NULL"),
            "x" => Pick($"{side}.x", "CAST('NaN' AS DOUBLE)", $"{Pick(sides)}.x + {side}.x", "NULL"),
            "n" => Pick(
                $"{side}.n", $"coalesce({Pick(sides)}.n, {side}.n, 0) + 1", $"CASE WHEN {Comparison([side])} THEN {side}.id ELSE 7 END", "-1"),
            "d" => Pick($"{side}.d", "1.25", $"CAST({side}.d * 2 AS DECIMAL(10,2))", "NULL"),
            "t" => Pick($"{side}.t", "CAST('2024-02-29 12:30:00.5' AS TIMESTAMP)", $"CASE WHEN {Comparison([side])} THEN {side}.t END", "NULL"),
            _ => Pick($"{side}.p", "NULL"),
        };
    }

    // A clause without a condition leaves nothing for those behind it.
    private string? Condition(bool isLast, params string[] sides) => isLast && Chance(2) ? null : Condition(2, sides);

    private string Condition(int depth, params string[] sides) => _random.Next(depth > 0 ? 5 : 2) switch
    {
        0 or 1 => Comparison(sides),
        2 => $"({Condition(depth - 1, sides)} AND {Condition(depth - 1, sides)})",
        3 => $"({Condition(depth - 1, sides)} OR {Condition(depth - 1, sides)})",
        _ => $"NOT ({Condition(depth - 1, sides)})",
    };

    private string Comparison(string[] sides)
    {
        string sign = Pick("=", "<>", "<", "<=", ">", ">=");
        (string a, string b) = (Pick(sides), Pick(sides));
        return _random.Next(10) switch
        {
            0 => $"{a}.n {sign} {_random.Next(0, 6)}",
            1 => $"{a}.n {sign} {b}.id",
            2 => $"{a}.x {sign} {b}.x",
            3 => $"{a}.k {sign} '{Pick("a", "b")}'",
            4 => $"{a}.{Pick(Names)} IS {Pick("", "NOT ")}NULL",
            5 => $"{a}.k IN ('a', 'it''s', {b}.k)",
            6 => $"{a}.t {sign} {b}.t",
            7 => $"{a}.p.a {sign} {b}.n",
            8 => $"{a}.p {Pick("=", "<>")} {b}.p",
            _ => $"{a}.d {sign} {b}.n",
        };
    }

    private List<MergeRow> Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new MergeRow(
        Chance(8) ? null : _random.Next(0, 12),
        Chance(6) ? null : Chance(6) ? Pick(Texts) : Pick("a", "b", "c"),
        Chance(6) ? null : Chance(4) ? double.NaN : Chance(6) ? -0.0 : Chance(9) ? double.NegativeInfinity : _random.Next(0, 4) / 2.0,
        Chance(5) ? null : _random.Next(0, 6),
        Chance(6) ? null : _random.Next(-4, 12) / 2m,
        Chance(6) ? null : _random.Next(0, 5) - 2,
        Chance(6) ? null : (Chance(4) ? null : _random.Next(0, 3), Chance(4) ? null : Pick("a", "b"))))];

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
