using Apache.Arrow;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Tests.Constraints;

namespace Lakehouse.Incremental.Delta.Tests.Expressions;

public sealed class ParserTests
{
    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("\"say \"\"hi\"\"\"", "say \"hi\"")]
    [InlineData("'a\\tb\\\\c'", "a\tb\\c")]
    [InlineData("'\\u0041\\U0001F600'", "A😀")]
    [InlineData("'a' 'b'", "ab")]
    [InlineData("r'a\\n'", "a\\n")]
    [InlineData("1 /* one */ + -- two\n 2", "3")]
    [InlineData(".5 + 1.", "1.5")]
    [InlineData("1.5BD", "1.5")]
    [InlineData("1e2", "100")]
    [InlineData("`x`", "1")]
    [InlineData("CASE WHEN TRUE THEN x END", "1")]
    [InlineData("X", "1")]
    [InlineData("x'0A' IS NOT NULL", "true")]
    public void Literals_and_names(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 +")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("1 2")]
    [InlineData("'open")]
    [InlineData("`open")]
    [InlineData("/* open")]
    [InlineData("CASE END")]
    [InlineData("CASE WHEN TRUE THEN 1")]
    [InlineData("CAST(1 INT)")]
    [InlineData("x IS 1")]
    [InlineData("x NOT 1")]
    [InlineData("x IN ()")]
    [InlineData("AND")]
    [InlineData("1abc")]
    [InlineData("128Y")]
    [InlineData("99999999999999999999L")]
    [InlineData("1e999")]
    [InlineData("999999999999999999999999999999999999999")]
    [InlineData("DATE '2020-13-01'")]
    [InlineData("X'0G'")]
    [InlineData("CAST(1 AS DECIMAL(39,0))")]
    [InlineData("x @ 1")]
    [InlineData("x ; y")]
    public void What_is_no_expression_is_refused(string sql)
    {
        Sql.CodeOf(sql).Should().Be(ErrorCodes.ExpressionInvalid);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("NOT ", "")]
    [InlineData("- ", "")]
    [InlineData("upper(", ")")]
    [InlineData("CASE WHEN TRUE THEN ", " END")]
    public void Deep_nesting_is_an_error_and_no_crash(string open, string close)
    {
        const int Levels = 3_000;
        string sql = string.Concat(Enumerable.Repeat(open, Levels)) + "x" + string.Concat(Enumerable.Repeat(close, Levels));
        FluentActions.Invoking(() => SqlExpression.Parse(sql)).Should().Throw<LakehouseException>()
            .Which.ErrorCode.Should().Be(ErrorCodes.ExpressionInvalid);
    }

    [Fact]
    public void Long_chains_of_conditions_are_fine_and_of_sums_are_limited()
    {
        string chain = string.Join(" OR ", Enumerable.Range(0, 5_000).Select(static i => $"x = {i}"));
        Sql.Value(chain).Should().Be("true");
        FluentActions.Invoking(() => SqlExpression.Parse(string.Join("+", Enumerable.Repeat("x", 5_000)))).Should().Throw<LakehouseException>();
        FluentActions.Invoking(() => SqlExpression.Parse(new string(' ', 100_000) + "1")).Should().Throw<LakehouseException>();
    }

    [Fact]
    public void Errors_tell_the_place()
    {
        FluentActions.Invoking(() => SqlExpression.Parse("a +\n< b")).Should().Throw<LakehouseException>().WithMessage("*'a +\n< b'*");
        FluentActions.Invoking(() => SqlExpression.Parse("a + )")).Should().Throw<LakehouseException>().WithMessage("*')'*character 6*");
    }

    [Fact]
    public void Words_of_the_language_may_be_names_where_they_cannot_be_taken_for_it()
    {
        RecordBatch batch = RuleKit.Batch(("date", RuleKit.LongArray(1)), ("end", RuleKit.LongArray(2)), ("interval", RuleKit.LongArray(3)),
            ("x", RuleKit.LongArray(4)));
        Sql.Values("date + end * interval - x + x - interval", batch).Should().Equal("4");
        Sql.Values("CASE WHEN date < end THEN end END", batch).Should().Equal("2");
        Sql.Values("DATE '2020-01-01' + INTERVAL -3 DAYS", batch).Should().Equal("2019-12-29");
    }
}
