using System.Text;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Log;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;

namespace Lakehouse.Incremental.Delta.Tests.Constraints;

public sealed class FilledColumnTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Generated_columns_are_computed_when_missing_and_checked_when_given()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage,
            [RuleKit.Long("id"), RuleKit.Of("twice", Int64Type.Default, ("delta.generationExpression", "id * 2")), RuleKit.Text("name")]);
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("generatedColumns");

        await table.AppendAsync(RuleKit.Longs("id", 1, null));
        await table.AppendAsync(RuleKit.Batch(("id", RuleKit.LongArray(3, null)), ("twice", RuleKit.LongArray(6, null))));
        LakehouseException error = await RuleKit.RefusedAsync(() => table.AppendAsync(
            RuleKit.Batch(("id", RuleKit.LongArray(4, 5, null)), ("twice", RuleKit.LongArray(8, 11, 1)))));
        error.ErrorCode.Should().Be(ErrorCodes.GeneratedColumnMismatch);
        (error.Count, error.SampleKeys[0]).Should().Be((2, "(id = 5, twice = 11)"));
        error.Message.Should().Contain("'twice'").And.Contain("'id * 2'");
        (await table.RowsAsync()).Should().Equal("1|2|null", "3|6|null", "null|null|null", "null|null|null");
    }

    [Fact]
    public async Task Rules_that_are_written_as_numbers_hold()
    {
        await RuleKit.CreateAsync(
            _storage, [RuleKit.Long("id"), RuleKit.Long("d", ("CURRENT_DEFAULT", "5")), RuleKit.Long("g", ("delta.generationExpression", "7"))]);
        string first = Encoding.UTF8.GetString(await _storage.ReadAsync(LogPaths.Commit(0)));
        string numbers = first.Replace("\\\"5\\\"", "5", StringComparison.Ordinal).Replace("\\\"7\\\"", "7", StringComparison.Ordinal)
            .Replace("\\u00225\\u0022", "5", StringComparison.Ordinal).Replace("\\u00227\\u0022", "7", StringComparison.Ordinal);
        numbers.Should().NotBe(first);
        await _storage.PutAsync(LogPaths.Commit(0), Encoding.UTF8.GetBytes(numbers));

        DeltaTable table = await DeltaTable.OpenAsync(_storage);
        await table.AppendAsync(RuleKit.Longs("id", 1));
        (await table.RowsAsync()).Should().Equal("1|5|7");
    }

    [Fact]
    public async Task A_table_may_be_partitioned_by_a_generated_column()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage,
            [RuleKit.Of("at", new TimestampType(TimeUnit.Microsecond, "UTC")),
                RuleKit.Of("day", Date32Type.Default, ("delta.generationExpression", "CAST(at AS DATE)"))],
            new DeltaTableCreateOptions { PartitionColumns = ["day"], DeletionVectors = false });
        table.CurrentSnapshot.Protocol.Should().BeEquivalentTo(new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 4 });
        Apache.Arrow.TimestampArray.Builder times = new(new TimestampType(TimeUnit.Microsecond, "UTC"));
        times.Append(new DateTimeOffset(2020, 2, 29, 23, 59, 59, TimeSpan.Zero));
        await table.AppendAsync(RuleKit.Batch(("at", times.Build())));
        table.CurrentSnapshot.Files.Single().PartitionValues["day"].Should().Be("2020-02-29");
    }

    [Fact]
    public async Task A_required_generated_column_may_be_missing_but_not_null()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage, [RuleKit.Long("id"), RuleKit.Long("next", ("delta.generationExpression", "id + 1")).Required()]);
        await table.AppendAsync(RuleKit.Longs("id", 1));
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("id", [null])))).ErrorCode.Should().Be(ErrorCodes.NotNullViolation);
        (await table.RowsAsync()).Should().Equal("1|2");
    }

    [Fact]
    public async Task A_generated_column_follows_from_no_other_generated_column()
    {
        LakehouseException error = await RuleKit.RefusedAsync(() => RuleKit.CreateAsync(
            _storage,
            [
                RuleKit.Long("id"), RuleKit.Long("a", ("delta.generationExpression", "id + 1")), RuleKit.Long("b", ("delta.generationExpression", "a + 1")),
            ]));
        error.ErrorCode.Should().Be(ErrorCodes.ExpressionInvalid);
        error.Message.Should().Contain("'b'").And.Contain("'a'");
    }

    [Theory]
    [InlineData("now()", ErrorCodes.ExpressionNotSupported)]
    [InlineData("upper(id", ErrorCodes.ExpressionInvalid)]
    [InlineData("uuid()", ErrorCodes.ExpressionNotSupported)]
    public async Task Expressions_that_cannot_be_kept_are_refused_at_once(string sql, string code)
    {
        LakehouseException error = await RuleKit.RefusedAsync(
            () => RuleKit.CreateAsync(_storage, [RuleKit.Long("id"), RuleKit.Text("g", ("delta.generationExpression", sql))]));
        error.ErrorCode.Should().Be(code);
        error.Message.Should().Contain($"'{sql}'").And.Contain("'g'");
    }

    [Fact]
    public async Task Defaults_fill_missing_columns_and_leave_given_nulls()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage,
            [
                RuleKit.Long("id"), RuleKit.Text("kind", ("CURRENT_DEFAULT", "'it''s new'")).Required(),
                RuleKit.Of("price", new Decimal128Type(10, 2), ("CURRENT_DEFAULT", "1.5")), RuleKit.Long("none", ("CURRENT_DEFAULT", "NULL")),
            ]);
        table.CurrentSnapshot.Protocol.MinWriterVersion.Should().Be(7);
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("allowColumnDefaults");
        await table.AppendAsync(RuleKit.Longs("id", 1));
        await table.AppendAsync(RuleKit.Batch(("id", RuleKit.LongArray(2)), ("kind", RuleKit.TextArray("old"))));
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Batch(("id", RuleKit.LongArray(2)), ("kind", RuleKit.TextArray([null]))))))
            .ErrorCode.Should().Be(ErrorCodes.NotNullViolation);
        (await table.RowsAsync()).Should().Equal("1|it's new|1.50|null", "2|old|1.50|null");
    }

    [Fact]
    public async Task Defaults_may_ask_for_the_time()
    {
        ManualTime time = new();
        DeltaTable created = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id"), RuleKit.Text("day", ("CURRENT_DEFAULT", "current_date()"))]);
        DeltaTable table = await DeltaTable.OpenAsync(created.Storage, new DeltaTableOptions { TimeProvider = time });
        await table.AppendAsync(RuleKit.Longs("id", 1));
        time.Milliseconds += 86_400_000;
        await table.AppendAsync(RuleKit.Longs("id", 2));
        (await table.RowsAsync()).Should().Equal("1|2023-11-14", "2|2023-11-15");
    }

    [Theory]
    [InlineData("id + 1")]
    [InlineData("1 +")]
    [InlineData("random_text()")]
    public async Task Defaults_that_are_no_constants_are_refused(string sql)
    {
        LakehouseException error = await RuleKit.RefusedAsync(
            () => RuleKit.CreateAsync(_storage, [RuleKit.Long("id"), RuleKit.Long("d", ("CURRENT_DEFAULT", sql))]));
        error.Message.Should().Contain($"'{sql}'").And.Contain("'d'");
    }

    [Fact]
    public async Task Generated_columns_follow_from_defaults_and_numbers()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage,
            [
                RuleKit.Text("label", ("delta.generationExpression", "concat(kind, '-', CAST(id AS STRING))")),
                    RuleKit.Text("kind", ("CURRENT_DEFAULT", "'k'")),
                RuleKit.Long("id", ("delta.identity.start", "5")), RuleKit.Long("v"),
            ]);
        await table.AppendAsync(RuleKit.Longs("v", 1, 2));
        (await table.RowsAsync()).Should().Equal("k-5|k|5|1", "k-6|k|6|2");
    }

    [Fact]
    public async Task The_comment_of_a_column_is_kept_and_other_metadata_is_not()
    {
        DeltaTable table = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id", ("comment", "the key"), ("PARQUET:field_id", "7"))]);
        table.CurrentSnapshot.DeltaSchema.Fields[0].Metadata!.ToJsonString().Should().Be("""{"comment":"the key"}""");
    }
}
