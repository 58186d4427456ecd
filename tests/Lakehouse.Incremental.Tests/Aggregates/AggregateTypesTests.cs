using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Tests.Aggregates;

/// <summary>Every type that has an order can be a group, a minimum and a maximum; every number can be summed.</summary>
public sealed class AggregateTypesTests
{
    public static TheoryData<string> Types => [.. Cases.Keys];

    private static readonly Dictionary<string, (IArrowType Type, object Low, object High, string LowText, string HighText)> Cases = new()
    {
        ["byte"] = (Int8Type.Default, (sbyte)-5, (sbyte)7, "-5", "7"),
        ["short"] = (Int16Type.Default, (short)-500, (short)700, "-500", "700"),
        ["integer"] = (Int32Type.Default, -70000, 70000, "-70000", "70000"),
        ["long"] = (Int64Type.Default, -5_000_000_000L, 5_000_000_000L, "-5000000000", "5000000000"),
        ["float"] = (FloatType.Default, -0.5f, float.NaN, "-0.5", "NaN"),
        ["double"] = (DoubleType.Default, double.NegativeInfinity, 1e300, "-Infinity", "1E+300"),
        ["decimal"] = (new Decimal128Type(38, 3), (Int128)(-1234), (Int128)1, "-1.234", "0.001"),
        ["string"] = (StringType.Default, "", "ü", "", "ü"),
        ["binary"] = (BinaryType.Default, (byte[])[0], (byte[])[0, 0], "0x00", "0x0000"),
        ["boolean"] = (BooleanType.Default, false, true, "false", "true"),
        ["date"] = (Date32Type.Default, -1, 19000, "1969-12-31", "2022-01-08"),
        ["timestamp"] = (new TimestampType(TimeUnit.Microsecond, "UTC"), -1L, 1L, "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00.000001Z"),
        ["timestamp_ntz"] = (new TimestampType(TimeUnit.Microsecond, (string?)null), 0L, 1_000_000L, "1970-01-01T00:00:00", "1970-01-01T00:00:01"),
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Groups_and_extremes(string name)
    {
        (IArrowType type, object low, object high, string lowText, string highText) = Cases[name];
        AggregateFlow byValue = AggregateFlow.Named("f").GroupBy("v").Count("n").Build();
        AggregateFlow whole = AggregateFlow.Named("f").Min("v").Max("v").Build();
        Schema schema = new([new Field("v", type, true)], null);
        InMemoryTableStorage storage = new();
        DeltaTable input = await DeltaTable.CreateAsync(storage, schema, new() { ChangeDataFeed = true });
        DeltaTable groups = await DeltaTable.CreateAsync(new InMemoryTableStorage(), byValue.TargetSchema(schema));
        DeltaTable extremes = await DeltaTable.CreateAsync(new InMemoryTableStorage(), whole.TargetSchema(schema));
        foreach (object?[] values in (object?[][])[[high, null], [low, high], [null, low, low]])
        {
            await input.AppendAsync(new RecordBatch(schema, [Values(type, values)], values.Length));
            await byValue.ApplyAsync(input, groups);
            await whole.ApplyAsync(input, extremes);
        }

        (await GoldOracle.ActualAsync(groups, 1)).Should().BeEquivalentTo($"{lowText} => 3", $"{highText} => 2", "null => 2");
        (await GoldOracle.ActualAsync(extremes, 0)).Should().Equal($" => {lowText} | {highText}");
        (await Reconciler.ReconcileAsync(byValue, input, groups)).IsClean.Should().BeTrue();
        (await Reconciler.ReconcileAsync(whole, input, extremes)).IsClean.Should().BeTrue();
    }

    [Theory]
    [InlineData("byte", "4")]
    [InlineData("short", "400")]
    [InlineData("integer", "0")]
    [InlineData("long", "0")]
    [InlineData("float", "NaN")]
    [InlineData("double", "-Infinity")]
    [InlineData("decimal", "-1.233")]
    public async Task Sums(string name, string sum)
    {
        (IArrowType type, object low, object high, _, _) = Cases[name];
        object[] values = name is "byte" or "short" ? [low, high, name == "byte" ? (object)(sbyte)2 : (short)200] : [low, high];
        AggregateFlow flow = AggregateFlow.Named("f").Sum("v").Build();
        DeltaTable gold = await SumAsync(flow, type, values);
        (await GoldOracle.ActualAsync(gold, 0)).Should().Equal(" => " + sum);
    }

    [Fact]
    public async Task A_decimal_sum_uses_all_of_its_38_digits_and_not_more()
    {
        Decimal128Type type = new(38, 0);
        Int128 greatest = Int128.Parse(new string('9', 38), System.Globalization.CultureInfo.InvariantCulture);
        AggregateFlow flow = AggregateFlow.Named("f").Sum("v").Build();
        DeltaTable gold = await SumAsync(flow, type, [greatest, greatest, -greatest]);
        (await GoldOracle.ActualAsync(gold, 0)).Should().Equal(" => " + new string('9', 38));

        Func<Task> apply = () => SumAsync(flow, type, [greatest, Int128.One]);
        (await apply.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.Overflow);
    }

    private static async Task<DeltaTable> SumAsync(AggregateFlow flow, IArrowType type, object[] values)
    {
        Schema schema = new([new Field("v", type, true)], null);
        DeltaTable input = await DeltaTable.CreateAsync(new InMemoryTableStorage(), schema, new() { ChangeDataFeed = true });
        DeltaTable gold = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(schema));
        await flow.ApplyAsync(input, gold);
        await input.AppendAsync(new RecordBatch(schema, [Values(type, values)], values.Length));
        AggregateResult result = await flow.ApplyAsync(input, gold);
        result.IsFullRefresh.Should().BeFalse();
        return gold;
    }

    private static IArrowArray Values(IArrowType type, object?[] values) =>
        ConcatKernel.Concat(type, [.. values.Select(v => ConstantArray.Create(type, v, 1))]);
}
