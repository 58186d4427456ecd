using Lakehouse.Incremental.Delta.Deleting;
using Lakehouse.Incremental.Delta.Expressions;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Expressions;

/// <summary>Taking a condition over two tables apart: its terms, equalities, and what statistics can tell of.</summary>
public sealed class JoinTermTests
{
    private static readonly StructType Columns = new(
    [
        new StructField("t.id", PrimitiveType.Long),
        new StructField("t.name", PrimitiveType.String),
        new StructField("t.day", PrimitiveType.Date),
        new StructField("t.price", new DecimalType(10, 2)),
        new StructField("s.id", PrimitiveType.Integer),
        new StructField("s.price", new DecimalType(38, 0)),
        new StructField("s.cost", new DecimalType(12, 4)),
    ]);

    [Theory]
    [InlineData("t.id = s.id", 1)]
    [InlineData("t.id = s.id AND (t.name = 'a' AND s.id > 1) AND s.id < 9", 4)]
    [InlineData("t.id = s.id OR t.name = 'a' AND s.id > 1", 1)]
    public void Terms_are_what_AND_joins(string sql, int terms) => Resolved(sql).Terms().Should().HaveCount(terms);

    [Theory]
    [InlineData("t.id = s.id", false)]
    [InlineData("T.id <=> S.id + 1", true)]
    public void An_equality_is_known_with_its_sides_in_one_type(string sql, bool nullSafe)
    {
        EqualityTerm term = Resolved(sql).AsEquality()!;

        (BoundExpression left, BoundExpression right) = term.Bind(Columns);

        term.NullSafe.Should().Be(nullSafe);
        (left.Type, right.Type).Should().Be((PrimitiveType.Long, PrimitiveType.Long));
        left.Columns.Should().Equal(0);
        right.Columns.Should().Equal(4);
    }

    [Theory]
    [InlineData("t.id < s.id")]
    [InlineData("t.id = s.id OR t.id = 1")]
    public void Anything_else_is_no_equality(string sql) => Resolved(sql).AsEquality().Should().BeNull();

    [Fact]
    public void Decimals_meet_in_a_type_that_holds_both_or_keep_their_own()
    {
        Resolved("t.price = s.cost").AsEquality()!.Bind(Columns).Left.Type.Should().Be(new DecimalType(12, 4));

        (BoundExpression left, BoundExpression right) = Resolved("t.price = s.price").AsEquality()!.Bind(Columns);
        left.Type.Should().NotBe(right.Type);
        left.Type.Should().Be(Resolved("t.price").Bind(Columns).Type);
    }

    [Theory]
    [InlineData("t.name >= 'b'", "(name >= 'b')")]
    [InlineData("t.id <> 5", "(id <> 5)")]
    [InlineData("t.day = DATE '2024-02-29'", "(day = DATE '2024-02-29')")]
    [InlineData("t.id = '5'", null)]
    [InlineData("t.price = 5", null)]
    [InlineData("s.id = 5", null)]
    [InlineData("t.id + 1 = 5", null)]
    [InlineData("t.name = NULL", null)]
    public void A_comparison_of_a_column_with_a_literal_of_its_type_is_a_filter(string sql, string? filter)
    {
        var found = Resolved(sql).AsFilter(Columns, i => i < 4 ? Columns.Fields[i].Name[2..] : null);

        (found is null ? null : PredicateText.Of(found)).Should().Be(filter);
    }

    [Theory]
    [InlineData("s.id", "long", true)]
    [InlineData("t.day", "timestamp_ntz", true)]
    [InlineData("s.id", "string", true)]
    [InlineData("NULL", "date", true)]
    [InlineData("t.name", "long", false)]
    [InlineData("t.day", "long", false)]
    [InlineData("t.id > 1", "integer", false)]
    public void An_assignment_converts_by_itself_only_where_nothing_becomes_null(string sql, string type, bool converts)
    {
        Func<BoundExpression> bind = () => Resolved(sql).BindAssignment(Columns, SchemaJson.Parse(
            $$"""{"type":"struct","fields":[{"name":"c","type":"{{type}}","nullable":true,"metadata":{} }]}""").Fields[0].Type);

        if (converts)
        {
            bind().Type.ToString().Should().Be(type);
        }
        else
        {
            bind.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.ExpressionInvalid);
        }
    }

    private static SqlExpression Resolved(string sql) =>
        SqlExpression.Parse(sql).WithColumns(["t", "s"], static (table, name) => table is null ? name : $"{table}.{name}");
}
