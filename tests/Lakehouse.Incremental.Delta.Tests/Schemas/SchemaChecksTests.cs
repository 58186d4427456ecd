using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public class SchemaChecksTests
{
    [Fact]
    public void A_sound_schema_passes()
    {
        StructType nested = new([new StructField("x", PrimitiveType.Void), new StructField("y", new ArrayType(PrimitiveType.Date))]);
        Action check = () => SchemaChecks.Check(new StructType([Long("a"), Long("ü-1."), new StructField("s", nested)]), ["a"]);
        check.Should().NotThrow();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a;b")]
    [InlineData("a{")]
    [InlineData("a)")]
    [InlineData("a=b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    public void Names_that_other_engines_refuse_are_refused_at_any_depth(string name)
    {
        Refused([Long("ok"), Long(name)]);
        Refused([new StructField("m", new MapType(PrimitiveType.String, new ArrayType(new StructType([Long("ok"), Long(name)]))))]);
    }

    [Fact]
    public void Names_are_unique_whatever_their_case()
    {
        Refused([Long("a"), Long("A")]);
        Refused([new StructField("s", new StructType([Long("b"), Long("B")]))]);
    }

    [Fact]
    public void Columns_that_no_file_could_hold_are_refused()
    {
        StructField none = new("v", PrimitiveType.Void);
        Refused([]);
        Refused([none]);
        Refused([none, Long("p")], "p");
        Refused([Long("a"), new StructField("s", new StructType([none]))]);
        Refused([Long("a"), new StructField("s", new StructType([]))]);
        Refused([Long("a"), new StructField("l", new ArrayType(PrimitiveType.Void))]);
        Refused([Long("a"), new StructField("m", new MapType(PrimitiveType.String, PrimitiveType.Void))]);
        Refused([Long("a"), new StructField("d", new DecimalType(39, 0))]);
        Refused([Long("a"), new StructField("d", new ArrayType(new DecimalType(3, 4)))]);
    }

    [Fact]
    public void Partition_columns_are_some_of_the_plain_columns_each_once()
    {
        Refused([Long("a"), Long("p")], "x");
        Refused([Long("a"), Long("p")], "P");
        Refused([Long("a"), Long("p")], "p", "p");
        Refused([Long("a"), Long("p")], "a", "p");
        Refused([Long("a"), new StructField("l", new ArrayType(PrimitiveType.Long))], "l");
        Refused([Long("a"), new StructField("v", PrimitiveType.Void)], "v");
    }

    [Theory]
    [InlineData("_change_type")]
    [InlineData("_Commit_Version")]
    public void Names_of_the_change_feed_are_reserved(string name)
    {
        Action check = () => SchemaChecks.Check(new StructType([Long(name)]), []);
        check.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.ReservedColumn);
    }

    private static StructField Long(string name) => new(name, PrimitiveType.Long);

    private static void Refused(StructField[] fields, params string[] partitionColumns)
    {
        Action check = () => SchemaChecks.Check(new StructType(fields), partitionColumns);
        check.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }
}
