using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Filters;
using Lakehouse.Incremental.RawMerge;
using static Lakehouse.Incremental.Tests.RawMerge.MergeKit;

namespace Lakehouse.Incremental.Tests.RawMerge;

/// <summary>Conditions and values written in C# are what the same SQL is.</summary>
public sealed class ExpressionTests
{
    [Fact]
    public async Task A_whole_merge_can_be_written_in_expressions()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a", "2 20 b", "3 30 c", "4 40 d"), new() { ChangeDataFeed = true });

        RawMergeResult result = await table.Merge(Rows("1 11 x", "2 19 y", "3 _ z", "9 90 n", "8 5 n"))
            .OnCondition(m => m.Target["id"].EqualTo(m.Source["id"]) & m.Target["n"].IsNotNull())
            .WhenMatched(m => m.Source["n"].IsNull()).Delete()
            .WhenMatched(m => m.Source["n"] > m.Target["n"])
            .Update(set => set.Set("n", m => (m.Target["n"] + m.Source["n"]) * 2).Set("t", m => MergeExpression.Call("upper", m.Source["t"])))
            .WhenNotMatched(m => m.Source["n"] >= 90).Insert(values => values.Set("id", m => m.Source["id"]).Set("t", m => "it's new"))
            .WhenNotMatchedBySource(MergeScope.WholeTable, m => m.Target["t"].In("d", "e")).Update(set => set.Set("n", m => MergeExpression.Null))
            .ExecuteAsync();

        (await RowsAsync(table)).Should().Equal("1 42 X", "2 20 b", "4 _ d", "9 _ it's new");
        (result.NumTargetRowsUpdated, result.NumTargetRowsDeleted, result.NumTargetRowsInserted).Should().Be((2, 1, 1));
        table.CurrentSnapshot.CommitInfo!.OperationParameters!["predicate"]!.ToString().Should()
            .Be("(target.`id` = source.`id`) AND (target.`n` IS NOT NULL)");
    }

    public static TheoryData<string, Func<MergeColumns, MergeExpression>> Texts => new()
    {
        { "(source.`n` > 1) AND (source.`n` <= 2L) AND (NOT (target.`t` = 'x'))",
            m => m.Source["n"] > 1 & m.Source["n"] <= 2L & !m.Target["t"].EqualTo("x") },
        { "((source.`a` < 1) OR (source.`b` >= 2)) AND (source.`c` <> 3)", m => (m.Source["a"] < 1 | m.Source["b"] >= 2) & m.Source["c"].NotEqualTo(3) },
        { "(source.`a` - ((-1) * source.`b`)) / (-source.`c`)", m => (m.Source["a"] - (-1 * m.Source["b"])) / -m.Source["c"] },
        { "source.`we``ird`.`x` <=> NULL", m => m.Source["we`ird"].Field("x").NullSafeEqualTo(MergeExpression.Null) },
        { "(current > 1) % (a -- b\n)", _ => MergeExpression.FromSql("current > 1") % MergeExpression.FromSql("a -- b") },
        { "source.`a` IN ('x', NULL)", m => m.Source["a"].In("x", (string)null!) },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_expression_is_the_SQL_it_stands_for(string sql, Func<MergeColumns, MergeExpression> expression) =>
        MergeColumns.Write(expression).Should().Be(sql);

    [Fact]
    public void A_long_chain_is_not_a_deep_one()
    {
        string any = MergeColumns.Write(m => Enumerable.Range(0, 1000).Select(i => m.Source["n"].EqualTo(i)).Aggregate((a, b) => a | b));

        Delta.Expressions.SqlExpression.Parse(any).Terms().Should().ContainSingle();
    }

    // Each literal is written to a column of its own kind and read back.
    [Fact]
    public async Task Literals_are_the_values_they_were()
    {
        string odd = "quote ' backslash \\ percent \\% under \\_ line\nNUL\0 -- /* `x` \u00e9 \U0001F600 \\u0041 \\n";
        DateTimeOffset instant = new(2024, 2, 29, 23, 59, 59, TimeSpan.FromHours(-5));
        (string Name, IArrowType Type, Func<MergeColumns, MergeExpression> Value, string Text)[] literals =
        [
            ("s", StringType.Default, _ => odd, odd),
            ("b", BooleanType.Default, _ => true, "true"),
            ("i", Int32Type.Default, _ => int.MinValue, "-2147483648"),
            ("l", Int64Type.Default, _ => long.MinValue, "-9223372036854775808"),
            ("d", DoubleType.Default, _ => -1.5e-300, "-1.5E-300"),
            ("nan", DoubleType.Default, _ => double.NaN, "NaN"),
            ("inf", DoubleType.Default, _ => double.NegativeInfinity, "-Infinity"),
            ("m", new Decimal128Type(38, 4), _ => -79228162514264337593543950.3350m, "-79228162514264337593543950.3350"),
            ("day", Date32Type.Default, _ => new DateOnly(9999, 12, 31), "9999-12-31"),
            ("ts", new TimestampType(TimeUnit.Microsecond, "UTC"), _ => instant.AddMicroseconds(1), "2024-03-01T04:59:59.000001Z"),
            ("ntz", new TimestampType(TimeUnit.Microsecond, (string?)null), _ => new DateTime(1, 1, 1), "0001-01-01T00:00:00"),
            ("bin", BinaryType.Default, _ => new byte[] { 0, 255, 39 }, "0x00FF27"),
        ];
        Schema schema = new([new Field("id", Int64Type.Default, true), .. literals.Select(l => new Field(l.Name, l.Type, true))], null);
        DeltaTable table = await DeltaTable.CreateAsync(new Delta.Storage.InMemoryTableStorage(), schema);

        await table.Merge(Rows(Schema("id"), "1")).On("id").WhenNotMatched()
            .Insert(values => literals.Aggregate(values.Set("id", m => m.Source["id"]), (set, literal) => set.Set(literal.Name, literal.Value)))
            .ExecuteAsync();

        RecordBatch rows = await table.ReadAsync().SingleAsync();
        literals.Select((_, i) => Columnar.CellText.Format(rows.Column(i + 1), 0)).Should().Equal(literals.Select(l => l.Text));
    }

    [Fact]
    public async Task What_an_expression_may_not_see_is_named()
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(Rows("1 1 x")).On("id");

        Func<Task> target = () => merge.WhenNotMatched(m => m.Target["n"] > 1).InsertAll().ExecuteAsync();
        Func<Task> unknown = () => merge.WhenMatched(m => m.Source["nope"] > 1).Delete().ExecuteAsync();
        Func<Task> source = () => merge.WhenNotMatchedBySource(MergeScope.WholeTable, m => m.Source["n"] > 1).Delete().ExecuteAsync();

        (await target.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("there is no target row");
        (await unknown.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("source.nope");
        (await source.Should().ThrowAsync<LakehouseException>()).Which.Message.Should().Contain("there is no source row");
        FluentActions.Invoking(() => merge.WhenMatched(_ => null!)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => merge.WhenMatched(m => m.Source["n"].EqualTo(new DateTime(1)))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => merge.WhenMatched(m => m.Source["n"].In())).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("rand()")]
    [InlineData("uuid()")]
    [InlineData("current_timestamp()")]
    [InlineData("now()")]
    [InlineData("monotonically_increasing_id()")]
    public async Task What_gives_another_value_each_time_is_refused_everywhere(string function)
    {
        DeltaTable table = await TableAsync(Rows("1 10 a"));
        MergeStatement merge = table.Merge(Rows("1 1 x", "2 2 y")).On("id");
        string text = $"cast({function} as string)";
        Func<Task>[] all =
        [
            () => table.Merge(Rows("1 1 x")).OnCondition($"target.id = source.id AND source.t = {text}").WhenMatched().Delete().ExecuteAsync(),
            () => merge.WhenMatched($"source.t = {text}").Delete().ExecuteAsync(),
            () => merge.WhenMatched().Update(set => set.Set("t", text)).ExecuteAsync(),
            () => merge.WhenNotMatched($"source.t = {text}").InsertAll().ExecuteAsync(),
            () => merge.WhenNotMatched().Insert(values => values.Set("t", text)).ExecuteAsync(),
            () => merge.WhenNotMatchedBySource(MergeScope.WholeTable, $"target.t = {text}").Delete().ExecuteAsync(),
            () => merge.WhenNotMatchedBySource(MergeScope.Where(Filter.Column("t").EqualTo("a"))).Update(set => set.Set("t", text)).ExecuteAsync(),
        ];

        foreach (Func<Task> one in all)
        {
            UnsupportedFeatureException error = (await one.Should().ThrowAsync<UnsupportedFeatureException>()).Which;
            error.Message.Should().Contain(function[..^2].ToString(CultureInfo.InvariantCulture));
        }
    }
}
