using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Tests.Constraints;

namespace Lakehouse.Incremental.Delta.Tests.Expressions;

/// <summary>Texts of any kind end in a value or a typed error.</summary>
public sealed class RandomExpressionLaws
{
    private static readonly string[] Words =
    [
        "a", "b", "`a`", "1", "0", "2.5", "1e3", "'x'", "''", "NULL", "TRUE", "+", "-", "*", "/", "%", "(", ")", ",", "AND", "OR", "NOT", "IS", "IN",
        "BETWEEN", "LIKE", "RLIKE", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "AS", "INT", "STRING", "DATE", "INTERVAL", "DAY", "=", "<=>", "<",
        "||", "upper", "substring", "coalesce", "[", "]", ".", "X", "%", "_", "\\", "'", "`", "\u00e9", "round", "date_add", "if", "DISTINCT", "FROM",
    ];

    private static readonly RecordBatch Batch = RuleKit.Batch(("a", RuleKit.LongArray(1, null, 3)), ("b", RuleKit.TextArray("x", "1", null)));

    [Fact]
    public void Any_words_end_in_a_value_or_a_typed_error()
    {
        Gen.Int[0, Words.Length - 1].Select(static i => Words[i]).Array[1, 25].Select(static words => string.Join(' ', words)).Sample(static sql =>
            EndsWell(sql), iter: 20_000);
    }

    [Fact]
    public void Any_characters_end_in_a_value_or_a_typed_error()
    {
        Gen.Char[' ', '~'].Array[0, 40].Select(static characters => new string(characters)).Sample(static sql => EndsWell(sql), iter: 20_000);
    }

    [Fact]
    public void Whole_expressions_with_a_change_end_in_a_value_or_a_typed_error()
    {
        string[] whole =
        [
            "CASE WHEN a > 1 THEN upper(b) ELSE substring(b, 1, a) END", "a BETWEEN 1 AND 2 OR b LIKE '%x_' ESCAPE '!'",
            "CAST(CAST(b AS INT) AS DECIMAL(10,2)) + a", "date_add(DATE '2020-01-01', a) IS NOT NULL AND NOT b RLIKE '^x|y+$'",
                "coalesce(b, a, 'z') IN ('x', 1)",
        ];
        Gen.Select(Gen.Int[0, whole.Length - 1].Select(i => whole[i]), Gen.Int[0, 60], Gen.Char[' ', '~']).Sample(
            static (sql, at, c) => EndsWell(sql[..Math.Min(at, sql.Length)] + c + sql[Math.Min(at + 1, sql.Length)..]), iter: 10_000);
    }

    private static bool EndsWell(string sql)
    {
        try
        {
            BoundExpression bound = Sql.Bind(sql, Batch);
            IArrowArray values = bound.Evaluate(Batch);
            return values.Length == Batch.Length && Enumerable.Range(0, values.Length).All(row => CellText.Format(values, row) is not null);
        }
        catch (LakehouseException)
        {
            return true;
        }
    }
}
