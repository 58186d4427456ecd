using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.Tests.Tables;

public class AppendTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Rows_are_there_for_every_instance_when_the_call_returns()
    {
        DeltaTable table = await NewAsync();
        AppendResult result = await table.AppendAsync(Kit.Rows(3, 1, 2));
        result.Should().Be(new AppendResult(1, 3, 1, AlreadyApplied: false));
        table.CurrentSnapshot.Version.Should().Be(1);
        table.CurrentSnapshot.RowCount.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(1, 2, 3);
        (await (await DeltaTable.OpenAsync(_storage)).IdsAsync()).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_reader_sees_what_another_instance_committed()
    {
        DeltaTable writer = await NewAsync();
        DeltaTable reader = await DeltaTable.OpenAsync(_storage);
        await writer.AppendAsync(Kit.Rows(1));
        reader.CurrentSnapshot.Version.Should().Be(0);
        (await reader.IdsAsync()).Should().Equal(1);
        reader.CurrentSnapshot.Version.Should().Be(1);
    }

    [Fact]
    public async Task A_transaction_is_applied_once()
    {
        DeltaTable table = await NewAsync();
        AppendOptions first = new() { TxnAppId = "app", TxnVersion = 7 };
        (await table.AppendAsync(Kit.Rows(1), first)).AlreadyApplied.Should().BeFalse();
        (await table.AppendAsync(Kit.Rows(1), first)).Should().Be(new AppendResult(null, 0, 0, AlreadyApplied: true));
        (await table.AppendAsync(Kit.Rows(2), first with { TxnVersion = 6 })).AlreadyApplied.Should().BeTrue();
        (await table.AppendAsync(Kit.Rows(3), first with { TxnVersion = 8 })).Version.Should().Be(2);
        (await table.AppendAsync(Kit.Rows(4), first with { TxnAppId = "other" })).Version.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(1, 3, 4);
    }

    [Fact]
    public async Task A_transaction_without_rows_is_remembered_too()
    {
        DeltaTable table = await NewAsync();
        AppendOptions options = new() { TxnAppId = "app", TxnVersion = 1 };
        (await table.AppendAsync(Kit.Rows())).Should().Be(new AppendResult(null, 0, 0, AlreadyApplied: false));
        (await table.AppendAsync(Kit.Rows(), options)).Should().Be(new AppendResult(1, 0, 0, AlreadyApplied: false));
        (await table.AppendAsync(Kit.Rows(1), options)).AlreadyApplied.Should().BeTrue();
    }

    [Fact]
    public async Task Half_a_transaction_is_refused()
    {
        DeltaTable table = await NewAsync();
        Func<Task> act = () => table.AppendAsync(Kit.Rows(1), new() { TxnAppId = "app" });
        await act.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Columns_are_matched_by_name_and_missing_ones_become_null()
    {
        DeltaTable table = await NewAsync();
        Schema turned = new([Kit.Schema.GetFieldByName("name"), Kit.Schema.GetFieldByName("id")], null);
        await table.AppendAsync(Kit.Batch(turned, new StringArray.Builder().Append("a").Build(), new Int64Array.Builder().Append(1).Build()));
        Schema idOnly = new([Kit.Schema.GetFieldByName("id")], null);
        await table.AppendAsync(Kit.Batch(idOnly, new Int64Array.Builder().Append(2).Build()));

        List<RecordBatch> read = await table.ReadAsync().ListAsync();
        read.SelectMany(static batch => Kit.Longs(batch, "id").Zip(Kit.Texts(batch, "name"))).Should()
            .BeEquivalentTo([(1L, "a"), (2L, (string?)null)]);
    }

    [Fact]
    public async Task Values_are_converted_when_none_is_changed()
    {
        DeltaTable table = await NewAsync();
        Schema narrow = new([new Field("id", Int32Type.Default, true)], null);
        await table.AppendAsync(Kit.Batch(narrow, new Int32Array.Builder().Append(5).Build()));
        (await table.IdsAsync()).Should().Equal(5);
    }

    [Fact]
    public async Task Values_that_do_not_fit_are_counted_and_nothing_is_written()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_storage, new Schema([new Field("id", Int32Type.Default, true)], null));
        Schema wide = new([new Field("id", Int64Type.Default, true)], null);
        RecordBatch good = Kit.Batch(wide, new Int64Array.Builder().Append(1).Build());
        RecordBatch bad = Kit.Batch(wide, new Int64Array.Builder().Append(1).Append(1L << 40).Append(-1L << 40).Build());
        Func<Task> act = () => table.AppendAsync(new[] { good, bad, bad }.ToAsyncEnumerable());
        InvalidRowsException error = (await act.Should().ThrowAsync<InvalidRowsException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.LossyCast);
        error.Count.Should().Be(4);
        error.Message.Should().Contain("1099511627776");
        await ShouldHoldOnlyTheFirstCommitAsync();
    }

    [Fact]
    public async Task Unknown_and_repeated_columns_and_foreign_types_are_refused()
    {
        DeltaTable table = await NewAsync();
        Int64Array ids = new Int64Array.Builder().Append(1).Build();
        Schema strange = new(
            [
                new Field("ID", Int64Type.Default, true),
                new Field("other", Int64Type.Default, true),
                new Field("name", Int64Type.Default, true),
                new Field("id", Int64Type.Default, true),
                new Field("id", Int64Type.Default, true),
            ],
            null);
        Func<Task> act = () => table.AppendAsync(Kit.Batch(strange, ids, ids, ids, ids, ids));
        LakehouseException error = (await act.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("no column 'ID' (but 'id')").And.Contain("no column 'other'").And.Contain("'name' is int64")
            .And.Contain("'id' comes twice");
        await ShouldHoldOnlyTheFirstCommitAsync();
    }

    [Fact]
    public async Task Nulls_in_a_required_column_are_refused_at_any_depth()
    {
        Field inner = new("x", Int64Type.Default, false);
        StructType type = new([inner]);
        Schema schema = new([new Field("id", Int64Type.Default, false), new Field("s", type, true)], null);
        DeltaTable table = await DeltaTable.CreateAsync(_storage, schema);

        Int64Array withNull = new Int64Array.Builder().Append(1).AppendNull().Build();
        Int64Array ids = new Int64Array.Builder().Append(1).Append(2).Build();
        StructArray allThere = new(type, 2, [withNull], ArrowBuffer.Empty, 0);
        StructArray secondMissing = new(type, 2, [withNull], new ArrowBuffer(new byte[] { 1 }), 1);

        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Batch(schema, withNull, secondMissing)))).Should().Be(ErrorCodes.NotNullViolation);
        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Batch(schema, ids, allThere)))).Should().Be(ErrorCodes.NotNullViolation);
        Schema structOnly = new([schema.GetFieldByName("s")], null);
        (await Kit.CodeOfAsync(() => table.AppendAsync(Kit.Batch(structOnly, secondMissing)))).Should().Be(ErrorCodes.NotNullViolation);
        await ShouldHoldOnlyTheFirstCommitAsync();
        (await table.AppendAsync(Kit.Batch(schema, ids, secondMissing))).Rows.Should().Be(2);
        RecordBatch read = (await (await DeltaTable.OpenAsync(_storage)).ReadAsync().ListAsync()).Single();
        read.Column("s").IsNull(0).Should().BeFalse();
        read.Column("s").IsNull(1).Should().BeTrue();
    }

    [Fact]
    public async Task The_rows_stay_the_callers()
    {
        DeltaTable table = await NewAsync();
        long[] memory = [1, 2, 3];
        Schema idOnly = new([Kit.Schema.GetFieldByName("id")], null);
        byte[] bytes = memory.SelectMany(BitConverter.GetBytes).ToArray();
        Int64Array ids = new(new ArrowBuffer(bytes), ArrowBuffer.Empty, 3, 0, 0);
        await table.AppendAsync(Kit.Batch(idOnly, ids));
        bytes.AsSpan().Clear();
        (await table.IdsAsync()).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task An_overwrite_replaces_all_rows_and_keeps_the_former_version()
    {
        DeltaTable table = await NewAsync();
        await table.AppendAsync(Kit.Rows(1, 2));
        await table.DeleteAsync(static id => id == 1);
        (await table.OverwriteAsync(Kit.Rows(5))).Version.Should().Be(3);
        (await table.IdsAsync()).Should().Equal(5);
        (await table.IdsAsync(2)).Should().Equal(2);
        (await table.OverwriteAsync(Kit.Rows())).Should().Be(new AppendResult(4, 0, 0, AlreadyApplied: false));
        (await table.IdsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_append_only_table_takes_rows_but_gives_none_away()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, Kit.Schema, new() { Properties = new Dictionary<string, string> { ["delta.appendOnly"] = "true" } });
        await table.AppendAsync(Kit.Rows(1));
        (await Kit.CodeOfAsync(() => table.OverwriteAsync(Kit.Rows(2)))).Should().Be(ErrorCodes.AppendOnly);
        (await Kit.CodeOfAsync(() => table.DeleteAsync(static _ => true))).Should().Be(ErrorCodes.AppendOnly);
        (await table.IdsAsync()).Should().Equal(1);
        (await Kit.FilesAsync(_storage, ".parquet")).Should().ContainSingle("the refused overwrite cleans up behind itself");
    }

    private Task<DeltaTable> NewAsync() => DeltaTable.CreateAsync(_storage, Kit.Schema);

    private async Task ShouldHoldOnlyTheFirstCommitAsync() =>
        (await Kit.FilesAsync(_storage, "")).Should().Equal("_delta_log/00000000000000000000.crc", "_delta_log/00000000000000000000.json");
}
