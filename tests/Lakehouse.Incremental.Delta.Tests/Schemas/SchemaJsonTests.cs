using System.Text.Json.Nodes;
using CsCheck;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Tests.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public class SchemaJsonTests
{
    [Fact]
    public void The_text_is_that_of_the_protocol()
    {
        StructType schema = new(
        [
            new StructField("a", PrimitiveType.Integer, Nullable: false),
            new StructField("e", new ArrayType(PrimitiveType.TimestampNtz, ContainsNull: false), Metadata: new JsonObject { ["comment"] = "x", ["n"] = new JsonArray(1, 2) }),
            new StructField("m", new MapType(PrimitiveType.String, new StructType([new StructField("d", new DecimalType(10, 2))]))),
        ]);
        const string Text = """
            {"type":"struct","fields":[
            {"name":"a","type":"integer","nullable":false,"metadata":{}},
            {"name":"e","type":{"type":"array","elementType":"timestamp_ntz","containsNull":false},"nullable":true,"metadata":{"comment":"x","n":[1,2]}},
            {"name":"m","type":{"type":"map","keyType":"string","valueType":{"type":"struct","fields":[
            {"name":"d","type":"decimal(10,2)","nullable":true,"metadata":{}}]},"valueContainsNull":true},"nullable":true,"metadata":{}}]}
            """;
        SchemaJson.Write(schema).Should().Be(Text.ReplaceLineEndings(""));
        SchemaJson.Write(SchemaJson.Parse(Text)).Should().Be(Text.ReplaceLineEndings(""));
    }

    [Fact]
    public void Any_schema_comes_back()
    {
        RandomRows.Schemas(4).Sample(static schema => SchemaJson.Write(SchemaJson.Parse(SchemaJson.Write(schema))) == SchemaJson.Write(schema), iter: 300);
    }

    [Theory]
    [InlineData("decimal", 10, 0)]
    [InlineData("decimal(5,5)", 5, 5)]
    [InlineData("decimal(38, 0)", 38, 0)]
    public void Decimals_are_understood(string text, int precision, int scale)
    {
        SchemaJson.Parse(One($"\"{text}\"")).Fields[0].Type.Should().Be(new DecimalType(precision, scale));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"long\"")]
    [InlineData("""{"type":"struct"}""")]
    [InlineData("""{"type":"struct","fields":[{"type":"long","nullable":true}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":null,"type":"long","nullable":true}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"long"}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":3}]}""")]
    [InlineData("""{"type":"array","elementType":"long","containsNull":true}""")]
    public void Text_that_is_no_schema_is_a_damaged_log(string text)
    {
        Action parse = () => SchemaJson.Parse(text);
        parse.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }

    [Theory]
    [InlineData("\"decimal(39,0)\"")]
    [InlineData("\"decimal(0,0)\"")]
    [InlineData("\"decimal(5,6)\"")]
    [InlineData("\"decimal(5,-1)\"")]
    [InlineData("\"decimal(5)\"")]
    [InlineData("\"decimals\"")]
    [InlineData("\"Long\"")]
    [InlineData("""{"type":"set","elementType":"long"}""")]
    [InlineData("3")]
    public void Unknown_types_are_a_damaged_log(string type)
    {
        Action parse = () => SchemaJson.Parse(One(type));
        parse.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }

    private static string One(string type) => "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":" + type + ",\"nullable\":true,\"metadata\":{}}]}";
}
