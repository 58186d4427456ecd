using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Tests.DataFiles;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public class ArrowSchemasTests
{
    public static TheoryData<IArrowType, string> Others => new()
    {
        { UInt8Type.Default, "short" },
        { UInt16Type.Default, "integer" },
        { UInt32Type.Default, "long" },
        { UInt64Type.Default, "decimal(20,0)" },
        { HalfFloatType.Default, "float" },
        { LargeStringType.Default, "string" },
        { StringViewType.Default, "string" },
        { LargeBinaryType.Default, "binary" },
        { new FixedSizeBinaryType(3), "binary" },
        { Date64Type.Default, "date" },
        { new TimestampType(TimeUnit.Nanosecond, "Europe/Berlin"), "timestamp" },
        { new TimestampType(TimeUnit.Second, (string?)null), "timestamp_ntz" },
        { new Decimal32Type(5, 2), "decimal(5,2)" },
        { new Decimal64Type(15, 2), "decimal(15,2)" },
        { new Decimal256Type(38, 2), "decimal(38,2)" },
        { new DictionaryType(Int32Type.Default, StringType.Default, false), "string" },
    };

    [Fact]
    public void Any_schema_comes_back_from_Arrow()
    {
        RandomRows.Schemas(4).Sample(static schema => SchemaJson.Write(ArrowSchemas.ToDelta(ArrowSchemas.ToArrow(schema))) == SchemaJson.Write(schema), iter: 300);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Types_that_Delta_lacks_become_the_next_wider(IArrowType arrow, string delta)
    {
        ArrowSchemas.ToDelta(Of(arrow)).Fields[0].Type.ToString().Should().Be(delta);
        ((ArrayType)ArrowSchemas.ToDelta(Of(new LargeListType(new Field("item", arrow, false)))).Fields[0].Type).Should()
            .Be(new ArrayType(ArrowSchemas.ToDelta(Of(arrow)).Fields[0].Type, ContainsNull: false));
    }

    [Fact]
    public void Types_without_counterpart_are_refused()
    {
        foreach (IArrowType type in new IArrowType[] { Time64Type.Microsecond, DurationType.Microsecond, new Decimal256Type(39, 0), new Decimal128Type(5, -2), new Decimal128Type(5, 6) })
        {
            Action convert = () => ArrowSchemas.ToDelta(Of(type));
            LakehouseException error = convert.Should().Throw<LakehouseException>(type.Name).Which;
            error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
            error.Message.Should().Contain("the_column");
        }
    }

    private static Schema Of(IArrowType type) => new([new Field("the_column", type, true)], null);
}
