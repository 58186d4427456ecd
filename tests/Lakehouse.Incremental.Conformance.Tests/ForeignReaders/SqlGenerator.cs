using System.Globalization;
using static Lakehouse.Incremental.Conformance.Tests.ForeignReaders.SqlPair;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>
/// Random expressions over the columns of the test, of what means the same to DuckDB and to Spark. A seed gives the same ones each time.
/// </summary>
internal sealed class SqlGenerator(int seed)
{
    private readonly Random _random = new(seed);

    public SqlPair Condition(int depth) => depth <= 0 ? Pick("f", "g", "TRUE", "FALSE", "NULL::BOOLEAN", "f") : _random.Next(16) switch
    {
        0 => Same("({0} AND {1})", Condition(depth - 1), Condition(depth - 1)),
        1 => Same("({0} OR {1})", Condition(depth - 1), Condition(depth - 1)),
        2 => Same("(NOT {0})", Condition(depth - 1)),
        3 or 4 => Same($"({{0}} {Comparison()} {{1}})", Whole(depth - 1), Whole(depth - 1)),
        5 => Same($"({{0}} {Comparison()} {{1}})", Text(depth - 1), Text(depth - 1)),
        6 => Same($"({{0}} {Comparison()} {{1}})", Date(depth - 1), Date(depth - 1)),
        7 => Same($"({{0}} {Comparison()} {{1}})", Decimal(depth - 1), Whole(depth - 1)),
        8 => Same("({0} IN ({1}, {2}, 3))", Whole(depth - 1), Whole(depth - 1), Whole(0)),
        9 => Same("({0} NOT IN ({1}, 'v3'))", Text(depth - 1), Text(0)),
        10 => Same("({0} BETWEEN {1} AND {2})", Whole(depth - 1), Whole(0), Whole(depth - 1)),
        11 => Same($"({{0}} {Pick("LIKE", "NOT LIKE").Ours} '{Pick("v%", "%1", "_2%", "%", "", "v_").Ours}')", Text(depth - 1)),
        12 => Same($"({{0}} IS {Pick("NULL", "NOT NULL").Ours})", Whole(depth - 1)),
        13 => Of("({0} <=> {1})", "({0} IS NOT DISTINCT FROM {1})", Whole(depth - 1), Whole(depth - 1)),
        14 => Same("(CASE WHEN {0} THEN {1} ELSE {2} END)", Condition(depth - 1), Condition(depth - 1), Condition(depth - 1)),
        _ => Of("startswith({0}, 'v')", "starts_with({0}, 'v')", Text(depth - 1)),
    };

    public SqlPair Whole(int depth) => depth <= 0 ? _random.Next(4) switch
    {
        0 => _random.Next(-20, 20) is var n && n < 0 ? $"({n})::BIGINT" : n.ToString(CultureInfo.InvariantCulture) + "::BIGINT",
        1 => "b",
        _ => "a",
    }
    : _random.Next(12) switch
    {
        0 => Same("({0} + {1})", Whole(depth - 1), Whole(depth - 1)),
        1 => Same("({0} - {1})", Whole(depth - 1), Whole(depth - 1)),
        2 => Same("({0} * b)", Whole(depth - 1)),
        3 => Same("({0} % {1})", Whole(depth - 1), Whole(0)),
        4 => Of("({0} div {1})", "({0} // {1})", Whole(depth - 1), Whole(0)),
        5 => Same("abs({0})", Whole(depth - 1)),
        6 => Same("coalesce({0}, {1})", Whole(depth - 1), Whole(depth - 1)),
        7 => Same("(CASE WHEN {0} THEN {1} END)", Condition(depth - 1), Whole(depth - 1)),
        8 => Same("CAST(length({0}) AS BIGINT)", Text(depth - 1)),
        9 => Same("TRY_CAST({0} AS BIGINT)", Text(0)),
        10 => Same($"CAST({Pick("year", "month", "day", "quarter", "dayofyear").Ours}({{0}}) AS BIGINT)", Date(depth - 1)),
        _ => Same("nullif({0}, {1})", Whole(depth - 1), Whole(0)),
    };

    public SqlPair Text(int depth) => depth <= 0 ? Pick("t", "u", "'v1'", "''", "'ä'", "t") : _random.Next(10) switch
    {
        0 => Same("({0} || {1})", Text(depth - 1), Text(depth - 1)),
        1 => Same("upper({0})", Text(depth - 1)),
        2 => Same("substring({0}, " + _random.Next(1, 4) + ", " + _random.Next(0, 4) + ")", Text(depth - 1)),
        3 => Same("replace({0}, 'v', {1})", Text(depth - 1), Text(0)),
        4 => Same("CAST({0} AS STRING)", Whole(depth - 1)),
        5 => Same("trim({0})", Text(depth - 1)),
        6 => Same("lpad({0}, 4, '*')", Text(depth - 1)),
        7 => Same("coalesce({0}, 'none')", Text(depth - 1)),
        8 => Same("(CASE WHEN {0} THEN {1} ELSE {2} END)", Condition(depth - 1), Text(depth - 1), Text(0)),
        _ => Same("reverse({0})", Text(depth - 1)),
    };

    public SqlPair Date(int depth) => depth <= 0 ? Pick("d", "DATE '2020-02-29'", "d") : _random.Next(4) switch
    {
        0 => Same($"({{0}} + {_random.Next(0, 400)})", Date(depth - 1)),
        1 => Same("last_day({0})", Date(depth - 1)),
        2 => Of("trunc({0}, 'month')", "CAST(date_trunc('month', {0}) AS DATE)", Date(depth - 1)),
        _ => Same("coalesce({0}, DATE '1999-12-31')", Date(depth - 1)),
    };

    public SqlPair Decimal(int depth) => depth <= 0 ? Pick("n", "1.25", "n") : _random.Next(4) switch
    {
        0 => Same("({0} + {1})", Decimal(depth - 1), Decimal(0)),
        1 => Same("({0} - {1})", Decimal(depth - 1), Decimal(0)),
        2 => Same("abs({0})", Decimal(depth - 1)),
        _ => Same("(CASE WHEN {0} THEN {1} END)", Condition(depth - 1), Decimal(0)),
    };

    private string Comparison() => Pick("=", "<>", "<", "<=", ">", ">=").Ours;

    private SqlPair Pick(params string[] choices)
    {
        string chosen = choices[_random.Next(choices.Length)];
        return chosen == "NULL::BOOLEAN" ? Of("CAST(NULL AS BOOLEAN)", chosen) : chosen;
    }
}
