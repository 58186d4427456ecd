using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Expressions;

/// <summary>Evaluates expressions and shows their values as text: nulls as "null", the type by its name.</summary>
internal static class Sql
{
    public static readonly DateTimeOffset Now = new(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero);

    private static readonly RecordBatch OneRow = new(
        new Schema([new Field("x", Apache.Arrow.Types.Int32Type.Default, true)], null), [new Int32Array.Builder().Append(1).Build()], 1);

    public static BoundExpression Bind(string sql, RecordBatch batch) => SqlExpression.Parse(sql).Bind(ArrowSchemas.ToDelta(batch.Schema), Now);

    /// <summary>The value of a constant expression.</summary>
    public static string Value(string sql) => CellText.Format(Bind(sql, OneRow).Evaluate(OneRow), 0);

    public static string TypeOf(string sql) => Bind(sql, OneRow).Type.ToString()!;

    /// <summary>The values of all rows.</summary>
    public static string[] Values(string sql, RecordBatch batch)
    {
        IArrowArray values = Bind(sql, batch).Evaluate(batch);
        values.Length.Should().Be(batch.Length);
        return [.. Enumerable.Range(0, values.Length).Select(row => CellText.Format(values, row))];
    }

    public static string CodeOf(string sql) => FluentActions.Invoking(() => Value(sql)).Should().Throw<LakehouseException>().Which.ErrorCode;
}
