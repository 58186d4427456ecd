using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Conformance.Tests.ForeignReaders;

/// <summary>Expressions that mean the same in both give the same values here and in DuckDB.</summary>
public sealed class SqlDifferentialTests : IDisposable
{
    private const int Rows = 60;
    private const int Expressions = 400;
    private readonly DuckDb _duck = new();
    private readonly RecordBatch _batch;

    public SqlDifferentialTests()
    {
        Int64Array.Builder a = new();
        Int64Array.Builder b = new();
        BooleanArray.Builder f = new();
        BooleanArray.Builder g = new();
        StringArray.Builder t = new();
        StringArray.Builder u = new();
        Date32Array.Builder d = new();
        Decimal128Array.Builder n = new(new Decimal128Type(12, 2));
        List<string> values = [];
        DateTime first = new(1999, 12, 1, 0, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < Rows; i++)
        {
            long? x = i % 7 == 3 ? null : (i * 37 % 41) - 20;
            long? y = i % 5 == 1 ? null : i % 9;
            bool? p = i % 3 == 0 ? null : i % 3 == 1;
            bool? q = i % 4 == 1 ? null : i % 2 == 0;
            string? text = i % 6 == 5 ? null : i % 8 == 2 ? "" : "v" + (i % 13);
            string? other = i % 9 == 4 ? null : i % 4 == 0 ? (i - 30).ToString(CultureInfo.InvariantCulture) : " ä" + i + " ";
            DateTime? date = i % 10 == 9 ? null : first.AddDays(i * 97);
            decimal? number = i % 8 == 7 ? null : (i * 3.25m) - 50;
            a.Append(x);
            b.Append(y);
            _ = p is null ? f.AppendNull() : f.Append(p.Value);
            _ = q is null ? g.AppendNull() : g.Append(q.Value);
            t.Append(text);
            u.Append(other);
            _ = date is null ? d.AppendNull() : d.Append(date.Value);
            _ = number is null ? n.AppendNull() : n.Append(number.Value);
            string?[] cells = [Sql(i), Sql(x), Sql(y), Sql(p), Sql(q), Quoted(text), Quoted(other), Quoted(date?.ToString("yyyy-MM-dd")), Sql(number)];
            values.Add($"({string.Join(',', cells)})");
        }

        _batch = Batch(("a", a.Build()), ("b", b.Build()), ("f", f.Build()), ("g", g.Build()), ("t", t.Build()), ("u", u.Build()), ("d", d.Build()),
            ("n", n.Build()));
        _duck.Execute("CREATE TABLE rows(i INTEGER, a BIGINT, b BIGINT, f BOOLEAN, g BOOLEAN, t VARCHAR, u VARCHAR, d DATE, n DECIMAL(12,2))");
        _duck.Execute("INSERT INTO rows VALUES " + string.Join(',', values));
    }

    [Theory]
    [InlineData("condition", 1)]
    [InlineData("whole", 2)]
    [InlineData("text", 3)]
    [InlineData("date", 4)]
    [InlineData("decimal", 5)]
    public void Values_are_those_of_DuckDB(string kind, int seed)
    {
        SqlGenerator generator = new(seed);
        List<string> differences = [];
        for (int i = 0; i < Expressions; i++)
        {
            SqlPair pair = kind switch
            {
                "condition" => generator.Condition(4),
                "whole" => generator.Whole(4),
                "text" => generator.Text(4),
                "date" => generator.Date(3),
                _ => generator.Decimal(3),
            };
            string[] ours = Ours(pair.Ours);
            string[] theirs = Theirs(pair.Theirs);
            int at = Enumerable.Range(0, Rows).FirstOrDefault(row => ours[row] != theirs[row], -1);
            if (at >= 0)
            {
                differences.Add($"{pair.Ours} in row {at}: {ours[at]}, DuckDB {theirs[at]}");
            }
        }

        differences.Should().BeEmpty();
    }

    public void Dispose() => _duck.Dispose();

    private string[] Ours(string sql)
    {
        IArrowArray values = SqlExpression.Parse(sql).Bind(ArrowSchemas.ToDelta(_batch.Schema)).Evaluate(_batch);
        return [.. Enumerable.Range(0, Rows).Select(row => Plain(CellText.Format(values, row)))];
    }

    private string[] Theirs(string sql) =>
        [.. _duck.Query($"SELECT lpad(i::VARCHAR, 3, '0'), CAST({sql} AS VARCHAR) FROM rows").Select(static line => Plain(line[4..]))];

    // Decimals of the same value may have different scales.
    private static string Plain(string text) =>
        text.Contains('.', StringComparison.Ordinal)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number.ToString("0.############", CultureInfo.InvariantCulture)
            : text;

    private static RecordBatch Batch(params (string Name, IArrowArray Array)[] columns) => new(
        new Schema([.. columns.Select(static c => new Field(c.Name, c.Array.Data.DataType, true))], null), columns.Select(static c => c.Array), Rows);

    private static string Sql(object? value) => value is null ? "NULL" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Quoted(string? text) => text is null ? "NULL" : $"'{text}'";
}
