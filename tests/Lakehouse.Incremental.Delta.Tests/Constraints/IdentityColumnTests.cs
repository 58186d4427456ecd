using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Constraints;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Delta.Tests.Tables;

namespace Lakehouse.Incremental.Delta.Tests.Constraints;

public sealed class IdentityColumnTests : IDisposable
{
    private readonly InMemoryTableStorage _storage = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Rows_are_numbered_on_from_the_mark_of_the_commit_before()
    {
        DeltaTable table = await CreateAsync(("delta.identity.start", "10"), ("delta.identity.step", "-3"));
        table.CurrentSnapshot.Protocol.WriterFeatures.Should().Contain("identityColumns");
        await table.AppendAsync(RuleKit.Longs("v", 1, 2));
        Mark(table).Should().Be(7);
        await table.AppendAsync(AsyncBatches(RuleKit.Longs("v", 3), RuleKit.Longs("v"), RuleKit.Longs("v", 4)));
        Mark(table).Should().Be(1);
        (await table.RowsAsync()).Should().Equal("10|1", "1|4", "4|3", "7|2");
        await table.OverwriteAsync(RuleKit.Longs("v", 5));
        (await table.RowsAsync()).Should().Equal("-2|5");
        await table.AppendAsync(RuleKit.Longs("v"));
        Mark(table).Should().Be(-2);
    }

    [Fact]
    public async Task The_mark_moves_in_the_commit_of_the_rows_and_nothing_else_of_the_schema_changes()
    {
        DeltaTable table = await CreateAsync();
        string before = table.CurrentSnapshot.Metadata.SchemaString;
        await table.AppendAsync(RuleKit.Longs("v", 1, 2, 3));
        IReadOnlyList<DeltaAction> commit = await table.Log.ReadCommitAsync(1, CancellationToken.None);
        commit.OfType<MetadataAction>().Single().SchemaString.Should().Be(
            before.Replace("\"delta.identity.allowExplicitInsert\":false",
                "\"delta.identity.allowExplicitInsert\":false,\"delta.identity.highWaterMark\":3"));
        commit.OfType<AddFile>().Should().ContainSingle();
        commit.OfType<CommitInfo>().Single().IsBlindAppend.Should().BeFalse();
    }

    [Fact]
    public async Task Given_numbers_are_refused_unless_the_column_allows_them()
    {
        RecordBatch given = RuleKit.Batch(("id", RuleKit.LongArray(100, 101)), ("v", RuleKit.LongArray(1, 2)));
        DeltaTable always = await CreateAsync();
        LakehouseException error = await RuleKit.RefusedAsync(() => always.AppendAsync(given));
        error.Should().BeOfType<InvalidRowsException>().Which.ErrorCode.Should().Be(ErrorCodes.IdentityValue);
        error.Message.Should().Contain("'id'");
        (await RuleKit.RefusedAsync(() => always.Writer.WriteAsync(always.CurrentSnapshot, [given], CancellationToken.None)))
            .ErrorCode.Should().Be(ErrorCodes.IdentityValue);

        DeltaTable allowing = await CreateAsync(new InMemoryTableStorage(), ("delta.identity.allowExplicitInsert", "true"));
        await allowing.AppendAsync(RuleKit.Longs("v", 0));
        await allowing.AppendAsync(given);
        Mark(allowing).Should().Be(1);
        await allowing.AppendAsync(RuleKit.Longs("v", 3));
        (await allowing.RowsAsync()).Should().Equal("100|1", "101|2", "1|0", "2|3");
    }

    [Fact]
    public async Task Numbers_that_run_out_are_an_error_and_the_last_one_is_not_lost()
    {
        DeltaTable table = await CreateAsync(("delta.identity.start", (long.MaxValue - 1).ToString(CultureInfo.InvariantCulture)));
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("v", 1, 2, 3)))).ErrorCode.Should().Be(ErrorCodes.Overflow);
        await table.AppendAsync(RuleKit.Longs("v", 1, 2));
        Mark(table).Should().Be(long.MaxValue);
        (await RuleKit.RefusedAsync(() => table.AppendAsync(RuleKit.Longs("v", 3)))).ErrorCode.Should().Be(ErrorCodes.Overflow);
    }

    [Theory]
    [InlineData(1, 1, null, 1)]
    [InlineData(1, 1, 4, 5)]
    [InlineData(0, 10, 25, 30)]
    [InlineData(0, -10, -25, -30)]
    [InlineData(5, 10, 0, 5)]
    [InlineData(long.MinValue, 1, null, long.MinValue)]
    [InlineData(long.MinValue, long.MaxValue, 0, long.MaxValue - 1)]
    public void The_next_number_is_of_the_sequence_and_beyond_the_mark(long start, long step, int? mark, long next)
    {
        new IdentityColumn(0, "id", start, step, mark, false).Reserve(1, "t").Should().Be(next);
    }

    [Fact]
    public async Task Of_two_writers_at_once_the_second_numbers_its_rows_anew()
    {
        DeltaTable other = await CreateAsync();
        HookedStorage hooked = new(_storage);
        DeltaTable table = await DeltaTable.OpenAsync(hooked);
        int races = 0;
        hooked.BeforePutIfAbsent = async path =>
        {
            if (path.EndsWith(".json", StringComparison.Ordinal) && races++ < 2)
            {
                await other.AppendAsync(RuleKit.Longs("v", 100 + races, 200 + races));
            }
        };
        await table.AppendAsync(RuleKit.Longs("v", 1, 2));
        (await table.RowsAsync()).Should().Equal("1|101", "2|201", "3|102", "4|202", "5|1", "6|2");
        Mark(table).Should().Be(6);
        (await Kit.FilesAsync(_storage, ".parquet")).Should().HaveCount(3, "the files of the lost tries are gone");
    }

    [Fact]
    public async Task A_writer_that_stops_before_its_commit_uses_no_numbers_up()
    {
        await CreateAsync();
        HookedStorage hooked = new(_storage);
        DeltaTable table = await DeltaTable.OpenAsync(hooked);
        hooked.BeforePutIfAbsent = static _ => throw new IOException("stopped");
        await FluentActions.Awaiting(() => table.AppendAsync(RuleKit.Longs("v", 1))).Should().ThrowAsync<Exception>();
        DeltaTable later = await DeltaTable.OpenAsync(_storage);
        await later.AppendAsync(RuleKit.Longs("v", 2));
        (await later.RowsAsync()).Should().Equal("1|2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writers_at_once_never_give_a_number_twice(bool local)
    {
        const int Writers = 4;
        const int Rounds = 8;
        ITableStorage storage = local ? new LocalTableStorage(_folder.Path) : _storage;
        await CreateAsync(storage);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            DeltaTable table = await DeltaTable.OpenAsync(storage, Kit.Options);
            for (int round = 0; round < Rounds; round++)
            {
                await table.AppendAsync(RuleKit.Longs("v", [.. Enumerable.Repeat((long?)writer, round + 1)]));
            }
        })));
        long rows = Writers * Rounds * (Rounds + 1) / 2;
        DeltaTable final = await DeltaTable.OpenAsync(storage);
        (await final.IdsAsync()).Should().Equal(Enumerable.Range(1, (int)rows).Select(static id => (long)id));
        Mark(final).Should().Be(rows);
    }

    [Theory]
    [InlineData("delta.identity.step", "0")]
    [InlineData("delta.identity.start", "one")]
    [InlineData("delta.identity.allowExplicitInsert", "perhaps")]
    public async Task A_numbering_that_makes_no_sense_is_refused(string key, string value)
    {
        (await RuleKit.RefusedAsync(() => CreateAsync((key, value)))).ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public void The_metadata_of_other_writers_counts_only_with_the_feature()
    {
        JsonObject numbering = new() { ["delta.identity.start"] = 1L, ["delta.identity.step"] = 1L };
        StructType schema = new([new StructField("id", PrimitiveType.Long, true, numbering)]);
        Dictionary<string, string> none = [];
        new RowRulesReader(schema, none, []).Read().Identities.Should().BeEmpty();
        new RowRulesReader(schema, none, ["identityColumns"]).Read().Identities.Should().ContainSingle();
    }

    public void Dispose() => _folder.Dispose();

    private Task<DeltaTable> CreateAsync(params (string Key, string Value)[] identity) => CreateAsync(_storage, identity);

    private static Task<DeltaTable> CreateAsync(ITableStorage storage, params (string Key, string Value)[] identity) => RuleKit.CreateAsync(
        storage, [RuleKit.Long("id", identity.Length == 0 ? [("delta.identity.start", "1")] : identity), RuleKit.Long("v")]);

    private static long? Mark(DeltaTable table) =>
        table.CurrentSnapshot.DeltaSchema.Fields[0].Metadata?["delta.identity.highWaterMark"]?.GetValue<long>();

    private static async IAsyncEnumerable<RecordBatch> AsyncBatches(params RecordBatch[] batches)
    {
        foreach (RecordBatch batch in batches)
        {
            await Task.Yield();
            yield return batch;
        }
    }
}
