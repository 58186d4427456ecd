namespace Lakehouse.Incremental.Delta.Tests.Expressions;

public sealed class OperatorTests
{
    private static readonly string[] Truths = ["TRUE", "FALSE", "NULL"];

    [Theory]
    [InlineData("1 + 2 * 3", "7", "integer")]
    [InlineData("(1 + 2) * 3", "9", "integer")]
    [InlineData("10 - 2 - 3", "5", "integer")]
    [InlineData("2 * 3 % 4", "2", "integer")]
    [InlineData("-3 % 2", "-1", "integer")]
    [InlineData("7 / 2", "3.5", "double")]
    [InlineData("7 div 2", "3", "long")]
    [InlineData("-7 div 2", "-3", "long")]
    [InlineData("1 / 0", "null", "double")]
    [InlineData("1 % 0", "null", "integer")]
    [InlineData("1 div 0", "null", "long")]
    [InlineData("1.0 / 0.0", "null", "decimal(8,6)")]
    [InlineData("1L + 1", "2", "long")]
    [InlineData("1Y + 1S", "2", "short")]
    [InlineData("1 + 1D", "2", "double")]
    [InlineData("1F + 1", "2", "float")]
    [InlineData("1 + 0.5", "1.5", "decimal(3,1)")]
    [InlineData("0.1 + 0.2", "0.3", "decimal(2,1)")]
    [InlineData("1.5 * 2.25", "3.375", "decimal(6,3)")]
    [InlineData("1e1 + 0.5", "10.5", "double")]
    [InlineData("-(-5)", "5", "integer")]
    [InlineData("- x", "-1", "integer")]
    [InlineData("+x", "1", "integer")]
    [InlineData("-2147483648", "-2147483648", "integer")]
    [InlineData("-9223372036854775808L", "-9223372036854775808", "long")]
    [InlineData("2147483648", "2147483648", "long")]
    [InlineData("9223372036854775808", "9223372036854775808", "decimal(19,0)")]
    [InlineData("'2' + 3", "5", "double")]
    [InlineData("pmod(-7, 3)", "2", "integer")]
    [InlineData("pmod(-7.5, 2)", "0.5", "decimal(2,1)")]
    [InlineData("mod(7, 0)", "null", "integer")]
    public void Arithmetic(string sql, string value, string type)
    {
        Sql.Value(sql).Should().Be(value);
        Sql.TypeOf(sql).Should().Be(type);
    }

    [Theory]
    [InlineData("2147483647 + 1")]
    [InlineData("-2147483648 - 1")]
    [InlineData("9223372036854775807L * 2L")]
    [InlineData("(-9223372036854775808L) div -1")]
    [InlineData("-(-2147483648)")]
    [InlineData("127Y + 1Y")]
    [InlineData("CAST(300 AS TINYINT)")]
    [InlineData("CAST(1e20 AS BIGINT)")]
    [InlineData("CAST(123.45 AS DECIMAL(4,2))")]
    [InlineData("99999999999999999999999999999999999999 + 1")]
    [InlineData("abs(-2147483648)")]
    public void A_result_that_does_not_fit_is_an_error(string sql)
    {
        Sql.CodeOf(sql).Should().Be(ErrorCodes.Overflow);
    }

    [Theory]
    [InlineData("1 = 1.0", "true")]
    [InlineData("1 == 1", "true")]
    [InlineData("1 != 2", "true")]
    [InlineData("1 <> 1", "false")]
    [InlineData("1 < 2", "true")]
    [InlineData("2 <= 1", "false")]
    [InlineData("'10' < 9", "false")]
    [InlineData("'abc' > 'ab'", "true")]
    [InlineData("'\\u00e9' > 'z'", "true")]
    [InlineData("TRUE > FALSE", "true")]
    [InlineData("NULL = NULL", "null")]
    [InlineData("NULL <=> NULL", "true")]
    [InlineData("1 <=> NULL", "false")]
    [InlineData("1 IS DISTINCT FROM NULL", "true")]
    [InlineData("1 IS NOT DISTINCT FROM 1", "true")]
    [InlineData("DATE '2020-01-31' < TIMESTAMP '2020-01-31 00:00:01'", "true")]
    [InlineData("DATE '2020-01-31' = '2020-01-31'", "true")]
    [InlineData("X'00FF' > X'00'", "true")]
    [InlineData("CAST('NaN' AS DOUBLE) = CAST('NaN' AS DOUBLE)", "true")]
    [InlineData("CAST('NaN' AS DOUBLE) > CAST('Infinity' AS DOUBLE)", "true")]
    [InlineData("-0D = 0D", "true")]
    [InlineData("0.00000000000000000000000000000000000001 < 99999999999999999999999999999999999999", "true")]
    [InlineData("'abc' = 1", "null")]
    public void Comparison(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    [Theory]
    [InlineData("1 IN (1, 2)", "true")]
    [InlineData("3 IN (1, 2)", "false")]
    [InlineData("3 IN (1, NULL)", "null")]
    [InlineData("1 IN (1, NULL)", "true")]
    [InlineData("NULL IN (1)", "null")]
    [InlineData("3 NOT IN (1, 2)", "true")]
    [InlineData("3 NOT IN (1, NULL)", "null")]
    [InlineData("'b' IN ('a', 'b')", "true")]
    [InlineData("2 BETWEEN 1 AND 3", "true")]
    [InlineData("2 NOT BETWEEN 1 AND 3", "false")]
    [InlineData("NULL BETWEEN 1 AND 3", "null")]
    [InlineData("4 BETWEEN NULL AND 3", "false")]
    [InlineData("2 BETWEEN 1 AND 3 AND FALSE", "false")]
    [InlineData("NULL IS NULL", "true")]
    [InlineData("1 IS NOT NULL", "true")]
    [InlineData("1 = 2 IS NULL", "false")]
    [InlineData("NOT 1 = 2", "true")]
    [InlineData("NOT TRUE OR TRUE", "true")]
    [InlineData("!FALSE", "true")]
    [InlineData("TRUE OR FALSE AND FALSE", "true")]
    [InlineData("NULL IS UNKNOWN", "true")]
    public void Predicates(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    [Fact]
    public void Logic_has_three_values()
    {
        foreach (string a in Truths)
        {
            (Sql.Value($"NOT {a}"), Sql.Value($"{a} IS TRUE"), Sql.Value($"{a} IS FALSE"), Sql.Value($"{a} IS NULL"))
                .Should().Be((Text(a == "NULL" ? null : a == "FALSE"), Text(a == "TRUE"), Text(a == "FALSE"), Text(a == "NULL")));
            foreach (string b in Truths)
            {
                (bool? x, bool? y) = (Truth(a), Truth(b));
                Sql.Value($"{a} AND {b}").Should().Be(Text(x & y), $"{a} AND {b}");
                Sql.Value($"{a} OR {b}").Should().Be(Text(x | y), $"{a} OR {b}");
                Sql.Value($"{a} = {b}").Should().Be(Text(x is null || y is null ? null : x == y), $"{a} = {b}");
                Sql.Value($"{a} <=> {b}").Should().Be(Text(x == y), $"{a} <=> {b}");
                foreach (string c in Truths)
                {
                    Sql.Value($"{a} AND {b} OR {c}").Should().Be(Text((x & y) | Truth(c)));
                    Sql.Value($"{a} OR {b} OR {c}").Should().Be(Text(x | y | Truth(c)));
                }
            }
        }
    }

    [Theory]
    [InlineData("CASE WHEN FALSE THEN 1 WHEN TRUE THEN 2 END", "2")]
    [InlineData("CASE WHEN NULL THEN 1 END", "null")]
    [InlineData("CASE x WHEN 1 THEN 'one' ELSE 'other' END", "one")]
    [InlineData("CASE WHEN FALSE THEN 1 ELSE 2.5 END", "2.5")]
    [InlineData("IF(x = 1, 'a', 'b')", "a")]
    [InlineData("COALESCE(NULL, NULL, 3)", "3")]
    [InlineData("NVL(NULL, 'a')", "a")]
    [InlineData("IFNULL(1, 2)", "1")]
    [InlineData("NULLIF(1, 1)", "null")]
    [InlineData("NULLIF(1, 2)", "1")]
    [InlineData("NVL2(NULL, 1, 2)", "2")]
    [InlineData("GREATEST(1, NULL, 3, 2)", "3")]
    [InlineData("LEAST('b', 'a', NULL)", "a")]
    [InlineData("GREATEST(NULL, NULL)", "null")]
    public void Choice(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    [Theory]
    [InlineData("CASE WHEN x < 0 THEN 2147483647 + x END", "null")]
    [InlineData("x < 0 AND 2147483647 + x > 0", "false")]
    [InlineData("x = 1 OR 2147483647 + x > 0", "true")]
    [InlineData("COALESCE(x, 2147483647 + x)", "1")]
    [InlineData("IF(x = 1, 0, CAST(1e30 AS INT))", "0")]
    public void What_is_not_reached_does_not_fail(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    private static bool? Truth(string text) => text == "NULL" ? null : text == "TRUE";

    private static string Text(bool? truth) => truth is null ? "null" : truth.Value ? "true" : "false";
}
