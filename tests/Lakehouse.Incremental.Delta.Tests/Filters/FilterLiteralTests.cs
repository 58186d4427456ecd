using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta.Tests.Filters;

public sealed class FilterLiteralTests
{
    public static readonly TheoryData<IArrowType, object, object> Fitting = new()
    {
        { Int8Type.Default, 5, (sbyte)5 },
        { Int64Type.Default, (byte)5, 5L },
        { Int64Type.Default, uint.MaxValue, (long)uint.MaxValue },
        { DoubleType.Default, 5, 5.0 },
        { DoubleType.Default, 0.1m, 0.1 },
        { DoubleType.Default, 1L << 60, (double)(1L << 60) },
        { FloatType.Default, 0.5, 0.5f },
        { FloatType.Default, double.NaN, float.NaN },
        { new Decimal128Type(10, 2), 5, (Int128)500 },
        { new Decimal128Type(10, 2), 1.5m, (Int128)150 },
        { new Decimal128Type(10, 2), 1.5000m, (Int128)150 },
        { new Decimal128Type(10, 2), -1.5m, (Int128)(-150) },
        { new Decimal128Type(38, 0), ulong.MaxValue, (Int128)ulong.MaxValue },
        { Date32Type.Default, new DateOnly(1970, 1, 2), 1 },
        { new TimestampType(TimeUnit.Microsecond, "UTC"), new DateTimeOffset(1970, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)), 0L },
        { new TimestampType(TimeUnit.Microsecond, "UTC"), DateTime.UnixEpoch, 0L },
        { new TimestampType(TimeUnit.Microsecond, (string?)null), new DateTime(1970, 1, 1), 0L },
    };

    public static readonly TheoryData<IArrowType, object> Unfitting = new()
    {
        { Int8Type.Default, 128 },
        { Int64Type.Default, 5.0 },
        { Int64Type.Default, "5" },
        { Int64Type.Default, true },
        { Int64Type.Default, ulong.MaxValue },
        { StringType.Default, 5 },
        { BooleanType.Default, 1 },
        { BinaryType.Default, "text" },
        { FloatType.Default, 0.1 },
        { DoubleType.Default, long.MaxValue },
        { DoubleType.Default, decimal.MaxValue },
        { DoubleType.Default, 0.1234567890123456789m },
        { new Decimal128Type(10, 2), 1.005m },
        { new Decimal128Type(3, 2), 10m },
        { new Decimal128Type(10, 2), 1.5 },
        { Date32Type.Default, DateTime.UnixEpoch },
        { Date32Type.Default, "1970-01-01" },
        { new TimestampType(TimeUnit.Microsecond, "UTC"), new DateTime(1970, 1, 1) },
        { new TimestampType(TimeUnit.Microsecond, "UTC"), new DateTimeOffset(DateTime.UnixEpoch).AddTicks(1) },
        { new TimestampType(TimeUnit.Microsecond, (string?)null), new DateTimeOffset(DateTime.UnixEpoch) },
        { Int64Type.Default, Guid.Empty },
        { new ListType(Int64Type.Default), 1 },
        { new StructType([new Field("x", new ListType(Int64Type.Default), true)]), 1 },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void A_literal_that_keeps_its_value_meets_the_stored_one(IArrowType type, object literal, object stored)
    {
        Schema schema = new([new Field("c", type, true)], null);
        RecordBatch batch = new(schema, [ConstantArray.Create(type, stored, 2)], 2);
        FilterEvaluator.Evaluate(Filter.Column("c").EqualTo(literal), batch).Should().Equal(true, true);
        FilterEvaluator.Evaluate(Filter.Column("c").In(literal), batch).Should().Equal(true, true);
        FilterEvaluator.Evaluate(Filter.Column("c").LessThan(literal), batch).Should().Equal(false, false);
    }

    [Theory]
    [MemberData(nameof(Unfitting))]
    public void A_literal_that_does_not_fit_is_refused_by_name(IArrowType type, object literal)
    {
        Schema schema = new([new Field("c", type, true)], null);
        RecordBatch batch = new(schema, [NullArrays.Create(type, 1)], 1);
        foreach (Filter filter in new[] { Filter.Column("c").EqualTo(literal), Filter.Column("c").In(literal), !Filter.Column("c").GreaterThan(literal) })
        {
            LakehouseException evaluated = FluentActions.Invoking(() => FilterEvaluator.Evaluate(filter, batch)).Should().Throw<LakehouseException>().Which;
            evaluated.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
            evaluated.Message.Should().Contain("column c");
            FluentActions.Invoking(() => new FilterPruner(filter, PrunerKit.Table(schema))).Should().Throw<LakehouseException>()
                .Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        }
    }

    [Fact]
    public void Columns_of_other_layouts_are_compared_by_value()
    {
        Schema schema = new(
            [new Field("u", UInt64Type.Default, true), new Field("t", new TimestampType(TimeUnit.Second, "Europe/Paris"), true), new Field("h", UInt8Type.Default, true)], null);
        IArrowArray[] columns =
        [
            new UInt64Array.Builder().Append(ulong.MaxValue).AppendNull().Append(7).Build(),
            new TimestampArray.Builder(new TimestampType(TimeUnit.Second, "Europe/Paris")).Append(DateTimeOffset.UnixEpoch).Append(DateTimeOffset.UnixEpoch.AddSeconds(1)).AppendNull().Build(),
            new UInt8Array.Builder().Append(200).Append(100).Append(0).Build(),
        ];
        RecordBatch batch = new(schema, columns, 3);
        FilterEvaluator.Evaluate(Filter.Column("u").EqualTo(ulong.MaxValue) | Filter.Column("u").EqualTo(7), batch).Should().Equal(true, false, true);
        FilterEvaluator.Evaluate(Filter.Column("t").GreaterThan(DateTimeOffset.UnixEpoch), batch).Should().Equal(false, true, false);
        FilterEvaluator.Evaluate(Filter.Column("h").GreaterThan(100), batch).Should().Equal(true, false, false);
    }

    [Fact]
    public void Long_lists_need_no_depth()
    {
        Schema schema = new([new Field("c", Int64Type.Default, true)], null);
        RecordBatch batch = new(schema, [new Int64Array.Builder().Append(-1).Append(199_999).AppendNull().Build()], 3);
        Filter filter = Filter.Column("c").In([.. Enumerable.Range(0, 200_000).Select(static i => (object?)i)]);
        FilterEvaluator.Evaluate(filter, batch).Should().Equal(false, true, false);
        FilterEvaluator.Evaluate(!filter, batch).Should().Equal(true, false, false);
        filter.Columns.Should().Equal("c");
    }

    [Fact]
    public void A_list_keeps_the_literals_it_was_made_of()
    {
        object?[] literals = [1L];
        Filter filter = Filter.Column("c").In(literals);
        literals[0] = 2L;
        RecordBatch batch = new(new Schema([new Field("c", Int64Type.Default, true)], null), [new Int64Array.Builder().Append(1).Append(2).Build()], 2);
        FilterEvaluator.Evaluate(filter, batch).Should().Equal(true, false);
        FluentActions.Invoking(() => Filter.Column("c").In()).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_columns_of_a_filter_are_named_once()
    {
        Filter filter = (Filter.Column("a").EqualTo(1) & !Filter.Column("b").IsNull()) | Filter.Column("a").In(2, 3);
        filter.Columns.Should().Equal("a", "b");
    }

    [Fact]
    public void A_column_that_does_not_exist_is_named()
    {
        RecordBatch batch = new(new Schema([new Field("c", Int64Type.Default, true)], null), [new Int64Array.Builder().Build()], 0);
        foreach (Filter filter in new[] { Filter.Column("C").IsNull(), Filter.Column("C").EqualTo(1), Filter.Column("C").In(1) })
        {
            FluentActions.Invoking(() => FilterEvaluator.Evaluate(filter, batch)).Should().Throw<LakehouseException>().WithMessage("*column C*")
                .Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        }
    }
}
