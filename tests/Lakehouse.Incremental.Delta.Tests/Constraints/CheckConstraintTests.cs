using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Maintenance;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Constraints;

public sealed class CheckConstraintTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Rows_that_break_a_constraint_are_refused_and_leave_no_trace()
    {
        DeltaTable table = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id"), RuleKit.Text("name")], ("delta.constraints.positive", "id > 0"));
        await table.AppendAsync(RuleKit.Longs("id", 1, 2));
        List<string> before = await Kit.FilesAsync(_storage, "");

        LakehouseException error = await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("id", 3, 0, null, -1)));

        error.Should().BeOfType<InvalidRowsException>();
        error.ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        error.Count.Should().Be(3);
        error.Table.Should().Be(_storage.Name);
        error.Message.Should().Contain("'positive'").And.Contain("'id > 0'").And.Contain("(id = 0)");
        error.SampleKeys.Should().Equal("(id = 0)", "(id = null)", "(id = -1)");
        (await Kit.FilesAsync(_storage, "")).Should().Equal(before);
        (await RuleKit.RefusedAsync(() => table.OverwriteAsync(RuleKit.Longs("id", -5)))).ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        (await table.RowsAsync()).Should().Equal("1|null", "2|null");
    }

    [Fact]
    public async Task A_constraint_may_speak_of_several_columns_whatever_their_case()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage,
            [RuleKit.Long("Low"), RuleKit.Long("high"), RuleKit.Text("select all")],
            ("delta.columnMapping.mode", "name"),
            ("delta.constraints.ordered", "low <= HIGH OR `Select All` IS NULL"));
        await table.AppendAsync(RuleKit.Batch(
            ("Low", RuleKit.LongArray(1, 5)), ("high", RuleKit.LongArray(2, 4)), ("select all", RuleKit.TextArray("x", null))));
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Batch(
            ("Low", RuleKit.LongArray(5)), ("high", RuleKit.LongArray(4)), ("select all", RuleKit.TextArray("x")))))).Count.Should().Be(1);
    }

    [Fact]
    public async Task A_constraint_that_is_not_understood_keeps_rows_out_by_name_but_nothing_else()
    {
        DeltaTable table = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id")]);
        await table.AppendAsync(RuleKit.Longs("id", 1, 2, 3));
        await table.CommitAsync(
            (snapshot, _) => Task.FromResult<Delta.Transactions.CommitPlan?>(new()
            {
                Actions = [snapshot.Metadata with { Configuration = new Dictionary<string, string> { ["delta.constraints.odd"] = "soundex(id) > 'A'" } }],
                Info = new CommitInfo { Operation = "TEST" },
            }),
            CancellationToken.None);

        LakehouseException error = await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("id", 4)));
        error.Should().BeOfType<UnsupportedFeatureException>().Which.ErrorCode.Should().Be(ErrorCodes.ExpressionNotSupported);
        error.Message.Should().Contain("'odd'").And.Contain("soundex(id) > 'A'").And.Contain("'checkConstraints'");
        (await table.DeleteAsync(static id => id == 2)).Should().NotBeNull();
        (await table.RowsAsync()).Should().Equal("1", "3");
        await table.DropConstraintAsync("ODD");
        await table.AppendAsync(RuleKit.Longs("id", 4));
        (await table.RowsAsync()).Should().Equal("1", "3", "4");
    }

    [Theory]
    [InlineData("id +", ErrorCodes.ExpressionInvalid)]
    [InlineData("missing > 1", ErrorCodes.ExpressionInvalid)]
    [InlineData("id + 1", ErrorCodes.ExpressionInvalid)]
    [InlineData("rand() > 0.5", ErrorCodes.ExpressionNotSupported)]
    [InlineData("id < unix_timestamp(now())", ErrorCodes.ExpressionNotSupported)]
    public async Task A_table_is_not_created_with_a_constraint_that_cannot_be_kept(string sql, string code)
    {
        LakehouseException error = await RuleKit.RefusedAsync(
            () => RuleKit.CreateAsync(_storage, [RuleKit.Long("id")], ("delta.constraints.c", sql)));
        error.ErrorCode.Should().Be(code);
        error.Message.Should().Contain($"'{sql}'");
        (await Kit.FilesAsync(_storage, "")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_constraint_is_added_after_the_rows_were_checked()
    {
        DeltaTable table = await RuleKit.CreateAsync(
            _storage, [RuleKit.Long("id"), RuleKit.Long("n")], new DeltaTableCreateOptions { DeletionVectors = false });
        await table.AppendAsync(RuleKit.Batch(("id", RuleKit.LongArray(1, 2)), ("n", RuleKit.LongArray(10, null))));

        LakehouseException broken = await RuleKit.RefusedAsync(() => table.AddConstraintAsync("n_given", "n IS NOT NULL"));
        (broken.ErrorCode, broken.Count).Should().Be((ErrorCodes.ConstraintViolation, 1));
        long version = await table.AddConstraintAsync("Small_n", "n IS NULL OR n < 100");
        table.CurrentSnapshot.Version.Should().Be(version);
        table.CurrentSnapshot.Properties["delta.constraints.small_n"].Should().Be("n IS NULL OR n < 100");
        table.CurrentSnapshot.Protocol.Should().BeEquivalentTo(new ProtocolAction { MinReaderVersion = 1, MinWriterVersion = 3 });
        (await table.HistoryAsync(1))[0].Operation.Should().Be("ADD CONSTRAINT");

        (await RuleKit.RefusedAsync(() => table.AddConstraintAsync("SMALL_N", "n > 0"))).ErrorCode.Should().Be(ErrorCodes.ConstraintExists);
        (await RuleKit.RefusedAsync(() => table.AddConstraintAsync("a b", "n > 0"))).ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        (await RuleKit.RefusedAsync(() => table.AddConstraintAsync("c", "n + 1"))).ErrorCode.Should().Be(ErrorCodes.ExpressionInvalid);
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("n", 100)))).ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        await table.DropConstraintAsync("small_N");
        await table.AppendAsync(RuleKit.Longs("n", 100));
        (await RuleKit.RefusedAsync(() => table.DropConstraintAsync("small_n"))).ErrorCode.Should().Be(ErrorCodes.ConstraintNotFound);
    }

    [Fact]
    public async Task Listed_features_get_the_constraint_feature_when_one_is_added()
    {
        DeltaTable table = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id")]);
        await table.AddConstraintAsync("positive", "id > 0");
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Equal("checkConstraints", "deletionVectors");
        table.CurrentSnapshot.Protocol.ReaderFeatures.Should().Equal("deletionVectors");
    }

    [Fact]
    public async Task A_row_that_comes_while_a_constraint_is_added_is_checked()
    {
        DeltaTable other = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id")]);
        HookedStorage hooked = new(_storage);
        DeltaTable table = await DeltaTable.OpenAsync(hooked);
        bool raced = false;
        hooked.BeforePutIfAbsent = async path =>
        {
            if (!raced && path.EndsWith(".json", StringComparison.Ordinal))
            {
                raced = true;
                await other.AppendAsync(RuleKit.Longs("id", -1));
            }
        };
        (await RuleKit.RefusedAsync(() => table.AddConstraintAsync("positive", "id > 0"))).ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        raced.Should().BeTrue();
    }

    [Fact]
    public async Task A_constraint_that_comes_while_rows_are_written_is_kept()
    {
        DeltaTable other = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id")]);
        HookedStorage hooked = new(_storage);
        DeltaTable table = await DeltaTable.OpenAsync(hooked);
        bool raced = false;
        hooked.BeforePutIfAbsent = async path =>
        {
            if (!raced && path.EndsWith(".json", StringComparison.Ordinal))
            {
                raced = true;
                await other.AddConstraintAsync("positive", "id > 0");
            }
        };
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("id", -1)))).ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        raced.Should().BeTrue();
        (await table.RowsAsync()).Should().BeEmpty();
        (await Kit.FilesAsync(_storage, ".parquet")).Should().BeEmpty();
    }

    [Fact]
    public async Task Invariants_are_kept_in_both_of_their_forms_and_in_structs()
    {
        Field inner = RuleKit.Long("b", ("delta.invariants", """{"expression":{"expression":"s.b IS NULL OR s.b > 0"}}"""));
        DeltaTable table = await RuleKit.CreateAsync(
            _storage, [RuleKit.Long("a", ("delta.invariants", "a < 10")), new Field("s", new StructType([inner]), true)]);
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("invariants");

        await table.AppendAsync(Rows([1, 2], [5, null]));
        LakehouseException bare = await RuleKit.RefusedAsync(() => table.AppendAsync(Rows([10], [1])));
        bare.Message.Should().Contain("the invariant of the column 'a'").And.Contain("'a < 10'");
        LakehouseException nested = await RuleKit.RefusedAsync(() => table.AppendAsync(Rows([1], [0])));
        nested.ErrorCode.Should().Be(ErrorCodes.ConstraintViolation);
        nested.Message.Should().Contain("the invariant of the column 's.b'").And.Contain("{b: 0}");

        static RecordBatch Rows(long?[] a, long?[] b) => RuleKit.Batch(("a", RuleKit.LongArray(a)), ("s", new StructArray(
            new StructType([new Field("b", Int64Type.Default, true)]), b.Length, [RuleKit.LongArray(b)], ArrowBuffer.Empty, 0)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"expression\":1}")]
    [InlineData("{\"expression\":1,\"expression\":1}")]
    [InlineData("{broken")]
    public async Task Invariants_of_an_unknown_form_are_refused(string invariant)
    {
        LakehouseException error = await RuleKit.RefusedAsync(() =>
            RuleKit.CreateAsync(_storage, [RuleKit.Long("a", ("delta.invariants", invariant))]));
        error.ErrorCode.Should().Be(ErrorCodes.ExpressionNotSupported);
        error.Message.Should().Contain("'a'").And.Contain(invariant);
    }

    [Fact]
    public async Task A_condition_that_has_no_result_refuses_the_rows_and_tells_why()
    {
        DeltaTable table = await RuleKit.CreateAsync(_storage, [RuleKit.Long("id")], ("delta.constraints.twice", "id * 2 < 100"));
        LakehouseException error = await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("id", long.MaxValue)));
        error.ErrorCode.Should().Be(ErrorCodes.Overflow);
        error.Message.Should().Contain("'twice'").And.Contain("id * 2 < 100");
    }
}
