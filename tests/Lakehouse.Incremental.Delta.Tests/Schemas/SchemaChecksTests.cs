using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public sealed class SchemaChecksTests
{
    private static readonly StructType s_good = Of(("id", PrimitiveType.Long), ("Ünï-cödé.x/y", PrimitiveType.String), ("s", Of(("id", PrimitiveType.Long))));

    [Fact]
    public void A_plain_schema_is_good()
    {
        FluentActions.Invoking(() => SchemaChecks.Check(s_good, [])).Should().NotThrow();
        FluentActions.Invoking(() => SchemaChecks.Check(s_good, ["id", "Ünï-cödé.x/y"])).Should().NotThrow();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a;b")]
    [InlineData("{a")]
    [InlineData("a}")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("a\n")]
    [InlineData("a\t")]
    [InlineData("a=b")]
    [InlineData("ID")]
    public void Names_are_checked_at_every_depth(string name)
    {
        StructType inner = Of(("id", PrimitiveType.Long), (name, PrimitiveType.Long));
        foreach (StructType schema in new[] { inner, Of(("s", inner)), Of(("l", new ArrayType(inner))), Of(("m", new MapType(PrimitiveType.Long, inner))), Of(("m", new MapType(inner, PrimitiveType.Long))) })
        {
            Code(schema).Should().Be(ErrorCodes.InvalidConfiguration);
        }
    }

    [Theory]
    [InlineData("_change_type")]
    [InlineData("_Commit_Version")]
    [InlineData("_commit_timestamp")]
    public void Names_of_change_data_are_reserved_at_the_top(string name)
    {
        Code(Of((name, PrimitiveType.Long))).Should().Be(ErrorCodes.ReservedColumn);
        FluentActions.Invoking(() => SchemaChecks.Check(Of(("s", Of((name, PrimitiveType.Long)))), [])).Should().NotThrow();
    }

    [Fact]
    public void Partition_columns_are_few_plain_and_there()
    {
        Code(s_good, "nothing").Should().Be(ErrorCodes.InvalidConfiguration);
        Code(s_good, "ID").Should().Be(ErrorCodes.InvalidConfiguration);
        Code(s_good, "s").Should().Be(ErrorCodes.InvalidConfiguration);
        Code(s_good, "id", "id").Should().Be(ErrorCodes.InvalidConfiguration);
        Code(Of(("a", PrimitiveType.Long), ("b", PrimitiveType.Date)), "b", "a").Should().Be(ErrorCodes.InvalidConfiguration);
        Code(Of(("a", PrimitiveType.Long), ("b", PrimitiveType.Void)), "b").Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void A_table_has_columns_and_decimals_have_digits()
    {
        Code(Of()).Should().Be(ErrorCodes.InvalidConfiguration);
        Code(Of(("a", new DecimalType(5, 6)))).Should().Be(ErrorCodes.InvalidConfiguration);
        Code(Of(("a", new DecimalType(5, -1)))).Should().Be(ErrorCodes.InvalidConfiguration);
    }

    private static StructType Of(params (string Name, DataType Type)[] fields) => new([.. fields.Select(static field => new StructField(field.Name, field.Type))]);

    private static string Code(StructType schema, params string[] partitionColumns) =>
        FluentActions.Invoking(() => SchemaChecks.Check(schema, partitionColumns)).Should().Throw<LakehouseException>().Which.ErrorCode;
}
