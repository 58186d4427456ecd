using System.Text.Json.Nodes;
using CsCheck;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public sealed class SchemaJsonTests
{
    private static readonly Gen<DataType> s_leaf = Gen.OneOf(
        Gen.OneOf<DataType>(
            PrimitiveType.String, PrimitiveType.Long, PrimitiveType.Integer, PrimitiveType.Short, PrimitiveType.Byte, PrimitiveType.Float, PrimitiveType.Double,
            PrimitiveType.Boolean, PrimitiveType.Binary, PrimitiveType.Date, PrimitiveType.Timestamp, PrimitiveType.TimestampNtz, PrimitiveType.Void),
        Gen.Select(Gen.Int[1, 38], Gen.Int[0, 38], static (precision, scale) => (DataType)new DecimalType(precision, Math.Min(precision, scale))));

    [Fact]
    public void What_is_written_is_read_again() => Struct(metadata: true).Sample(schema =>
    {
        string text = SchemaJson.Write(schema);
        SchemaJson.Write(SchemaJson.Parse(text)).Should().Be(text);
        SchemaJson.Parse(text).Fields.Select(static field => (field.Name, field.Nullable)).Should().Equal(schema.Fields.Select(static field => (field.Name, field.Nullable)));
    }, print: SchemaJson.Write);

    [Fact]
    public void Arrow_and_back_is_the_same_schema() => Struct(metadata: false).Sample(schema =>
        SchemaJson.Write(ArrowSchemas.ToDelta(ArrowSchemas.ToArrow(schema))).Should().Be(SchemaJson.Write(schema)), print: SchemaJson.Write);

    [Fact]
    public void The_text_is_that_of_the_protocol()
    {
        const string Text = """
            {"type":"struct","fields":[{"name":"a","type":"decimal(10,2)","nullable":false,"metadata":{"comment":"x","n":[1,{"y":null}]}},
            {"name":"b","type":{"type":"array","elementType":{"type":"map","keyType":"string","valueType":"timestamp_ntz","valueContainsNull":false},"containsNull":true},
            "nullable":true,"metadata":{}}]}
            """;
        StructType schema = SchemaJson.Parse(Text);
        schema.Fields[0].Type.Should().Be(new DecimalType(10, 2));
        schema.Fields[0].Nullable.Should().BeFalse();
        schema.Fields[1].Type.Should().Be(new ArrayType(new MapType(PrimitiveType.String, PrimitiveType.TimestampNtz, false)));
        JsonNode.DeepEquals(JsonNode.Parse(SchemaJson.Write(schema)), JsonNode.Parse(Text)).Should().BeTrue();
    }

    [Fact]
    public void Deep_schemas_are_read()
    {
        DataType type = PrimitiveType.Long;
        for (int level = 0; level < 50; level++)
        {
            type = new StructType([new StructField("f", type)]);
        }

        string text = SchemaJson.Write((StructType)type);
        SchemaJson.Write(SchemaJson.Parse(text)).Should().Be(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("\"long\"")]
    [InlineData("[]")]
    [InlineData("""{"type":"array","elementType":"long","containsNull":true}""")]
    [InlineData("""{"type":"struct"}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":null,"type":7,"nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"geometry","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"decimal(39,2)","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"decimal(5)","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"decimal(5,6)","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"decimalx(5,2)","nullable":true,"metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"long","nullable":"yes","metadata":{}}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":[]}]}""")]
    [InlineData("""{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{"x":1,"x":2}}]}""")]
    public void What_is_no_schema_is_a_corrupt_log(string text) =>
        FluentActions.Invoking(() => SchemaJson.Parse(text)).Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);

    private static Gen<StructType> Struct(bool metadata) => Fields(Gen.Recursive<DataType>((depth, inner) => depth > 3 ? s_leaf : Gen.OneOf(
        s_leaf,
        Fields(inner, metadata).Select(static type => (DataType)type),
        Gen.Select(inner, Gen.Bool, static (element, nulls) => (DataType)new ArrayType(element, nulls)),
        Gen.Select(inner, inner, Gen.Bool, static (key, value, nulls) => (DataType)new MapType(key, value, nulls)))), metadata);

    private static Gen<StructType> Fields(Gen<DataType> types, bool metadata) => Gen.Select(types, Gen.Bool, Gen.String[0, 3])
        .Select((type, nullable, comment) => (type, nullable, metadata && nullable ? new JsonObject { ["comment"] = comment } : null)).Array[1, 4]
        .Select(static fields => new StructType([.. fields.Select(static (field, i) => new StructField($"f{i}", field.type, field.nullable, field.Item3))]));
}
