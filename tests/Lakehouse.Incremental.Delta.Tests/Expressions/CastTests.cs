namespace Lakehouse.Incremental.Delta.Tests.Expressions;

public sealed class CastTests
{
    [Theory]
    [InlineData("CAST('12' AS INT)", "12")]
    [InlineData("CAST(' -12.9 ' AS INT)", "-12")]
    [InlineData("CAST('x' AS INT)", "null")]
    [InlineData("CAST('' AS BIGINT)", "null")]
    [InlineData("CAST('99999999999' AS INT)", "null")]
    [InlineData("TRY_CAST(300 AS TINYINT)", "null")]
    [InlineData("TRY_CAST('1' AS TINYINT)", "1")]
    [InlineData("CAST(1.9 AS INT)", "1")]
    [InlineData("CAST(-1.9D AS INT)", "-1")]
    [InlineData("CAST(TRUE AS INT)", "1")]
    [InlineData("CAST(0 AS BOOLEAN)", "false")]
    [InlineData("CAST('yes' AS BOOLEAN)", "true")]
    [InlineData("CAST('maybe' AS BOOLEAN)", "null")]
    [InlineData("CAST(1.005 AS DECIMAL(3,2))", "1.01")]
    [InlineData("CAST(-1.005 AS DECIMAL(3,2))", "-1.01")]
    [InlineData("CAST('1e2' AS DECIMAL(5,1))", "100.0")]
    [InlineData("CAST(0.1D AS DECIMAL(38,20))", "0.10000000000000000000")]
    [InlineData("CAST('99999999999999999999999999999999999999' AS DECIMAL(38,0))", "99999999999999999999999999999999999999")]
    [InlineData("CAST(1 AS STRING)", "1")]
    [InlineData("CAST(1.50 AS STRING)", "1.50")]
    [InlineData("CAST(1D AS STRING)", "1.0")]
    [InlineData("CAST(1e7 AS STRING)", "1.0E7")]
    [InlineData("CAST(1.5e-5 AS STRING)", "1.5E-5")]
    [InlineData("CAST(0.001D AS STRING)", "0.001")]
    [InlineData("CAST(1234567.125D AS STRING)", "1234567.125")]
    [InlineData("CAST(0.1F AS STRING)", "0.1")]
    [InlineData("CAST(-0D AS STRING)", "-0.0")]
    [InlineData("CAST(CAST('inf' AS DOUBLE) AS STRING)", "Infinity")]
    [InlineData("CAST(DATE '2020-02-29' AS STRING)", "2020-02-29")]
    [InlineData("CAST(TIMESTAMP '2020-02-29 01:02:03.450' AS STRING)", "2020-02-29 01:02:03.45")]
    [InlineData("CAST(TIMESTAMP '2020-02-29' AS STRING)", "2020-02-29 00:00:00")]
    [InlineData("CAST('2020-2-9' AS DATE)", "2020-02-09")]
    [InlineData("CAST('2020-02' AS DATE)", "2020-02-01")]
    [InlineData("CAST('2020-02-30' AS DATE)", "null")]
    [InlineData("CAST('2020-02-29T10:00:00' AS DATE)", "2020-02-29")]
    [InlineData("CAST(TIMESTAMP '1969-12-31 23:59:59' AS DATE)", "1969-12-31")]
    [InlineData("CAST(TIMESTAMP '2020-01-01 02:00:00+02:00' AS BIGINT)", "1577836800")]
    [InlineData("CAST('2020-01-01 00:00:00 -0130' AS TIMESTAMP) = TIMESTAMP '2020-01-01 01:30:00Z'", "true")]
    [InlineData("CAST(TIMESTAMP '1969-12-31 23:59:59.5' AS BIGINT)", "-1")]
    [InlineData("CAST(60 AS TIMESTAMP) = TIMESTAMP '1970-01-01 00:01:00'", "true")]
    [InlineData("CAST(X'4142' AS STRING)", "AB")]
    [InlineData("hex(CAST('AB' AS BINARY))", "4142")]
    [InlineData("CAST(NULL AS DATE)", "null")]
    [InlineData("'1' :: INT + 1", "2")]
    public void Values(string sql, string value)
    {
        Sql.Value(sql).Should().Be(value);
    }

    [Theory]
    [InlineData("CAST(1 AS DATE)")]
    [InlineData("CAST(DATE '2020-01-01' AS INT)")]
    [InlineData("CAST(X'00' AS INT)")]
    public void Casts_that_do_not_exist_are_refused(string sql)
    {
        Sql.CodeOf(sql).Should().Be(ErrorCodes.ExpressionInvalid);
    }

    [Theory]
    [InlineData("CAST(x AS ARRAY)", "'ARRAY'")]
    [InlineData("CAST(x AS VARCHAR(3))", "'VARCHAR'")]
    public void Types_that_are_not_known_are_refused_by_name(string sql, string name)
    {
        FluentActions.Invoking(() => Sql.Value(sql)).Should().Throw<UnsupportedFeatureException>().WithMessage($"*{name}*");
    }
}
