using System.Text.Json.Nodes;
using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public class ColumnMappingFieldTests
{
    [Theory]
    [InlineData("7")]
    [InlineData("7.0")]
    public void Ids_are_numbers_in_any_form(string id) => ColumnMapping.FieldId(Field($$"""{"{{ColumnMapping.IdKey}}":{{id}}}""")).Should().Be(7);

    [Theory]
    [InlineData("\"7\"")]
    [InlineData("7.5")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("{}")]
    [InlineData("true")]
    public void What_is_no_id_is_a_damaged_log(string id)
    {
        Action read = () => ColumnMapping.FieldId(Field($$"""{"{{ColumnMapping.IdKey}}":{{id}}}"""));
        read.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    public void What_is_no_physical_name_is_a_damaged_log(string name)
    {
        Action read = () => ColumnMapping.PhysicalName(Field($$"""{"{{ColumnMapping.PhysicalNameKey}}":{{name}}}"""));
        read.Should().Throw<CorruptTableException>().Which.ErrorCode.Should().Be(ErrorCodes.CorruptLog);
    }

    private static StructField Field(string metadata) =>
        new("a", PrimitiveType.Long) { Metadata = JsonNode.Parse(metadata)!.AsObject() };
}
