using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Schemas;
using StructType = Lakehouse.Incremental.Delta.Schemas.StructType;

namespace Lakehouse.Incremental.Delta.Tests.Schemas;

public sealed class ArrowSchemasTests
{
    public static readonly TheoryData<IArrowType, string> Types = new()
    {
        { UInt8Type.Default, "short" },
        { UInt16Type.Default, "integer" },
        { UInt32Type.Default, "long" },
        { UInt64Type.Default, "decimal(20,0)" },
        { LargeStringType.Default, "string" },
        { StringViewType.Default, "string" },
        { LargeBinaryType.Default, "binary" },
        { new FixedSizeBinaryType(16), "binary" },
        { HalfFloatType.Default, "float" },
        { Date64Type.Default, "date" },
        { new TimestampType(TimeUnit.Nanosecond, "UTC"), "timestamp" },
        { new TimestampType(TimeUnit.Second, "Europe/Paris"), "timestamp" },
        { new TimestampType(TimeUnit.Millisecond, (string?)null), "timestamp_ntz" },
        { new Decimal256Type(38, 4), "decimal(38,4)" },
        { new DictionaryType(Int32Type.Default, LargeStringType.Default, false), "string" },
        { NullType.Default, "void" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Types_that_Delta_lacks_become_the_ones_their_values_convert_to(IArrowType type, string expected)
    {
        StructType delta = ArrowSchemas.ToDelta(new Schema([new Field("c", type, false)], null));
        delta.Fields.Should().ContainSingle().Which.Type.ToString().Should().Be(expected);
        delta.Fields[0].Nullable.Should().BeFalse();
        LosslessCast.CanCast(type, ArrowSchemas.ToArrow(delta).GetFieldByIndex(0).DataType).Should().BeTrue();
    }

    [Fact]
    public void A_struct_without_fields_is_refused()
    {
        Action convert = () => ArrowSchemas.ToArrow(SchemaJson.Parse(
            """{"type":"struct","fields":[{"name":"s","type":{"type":"struct","fields":[]},"nullable":true,"metadata":{}}]}"""));
        convert.Should().Throw<UnsupportedFeatureException>().Which.Message.Should().Contain("without fields");
    }

    [Fact]
    public void Nested_types_are_converted_inside()
    {
        Field[] fields = [new Field("u", UInt8Type.Default, false), new Field("l", new LargeListType(new Field("item", LargeStringType.Default, false)), true)];
        StructType delta = ArrowSchemas.ToDelta(new Schema([new Field("s", new Apache.Arrow.Types.StructType(fields), true)], null));
        SchemaJson.Write((StructType)delta.Fields[0].Type).Should().Contain("""{"name":"u","type":"short","nullable":false""")
            .And.Contain("""{"type":"array","elementType":"string","containsNull":false}""");
    }

    public static readonly TheoryData<IArrowType> Unsupported = new()
    {
        new Time64Type(TimeUnit.Microsecond),
        new Decimal256Type(60, 4),
        DurationType.Microsecond,
        IntervalType.YearMonth,
        new ListType(new Time32Type(TimeUnit.Second)),
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void A_type_without_counterpart_is_refused_with_its_column(IArrowType type) =>
        FluentActions.Invoking(() => ArrowSchemas.ToDelta(new Schema([new Field("odd", type, true)], null))).Should().Throw<LakehouseException>()
            .WithMessage("*odd*");
}
