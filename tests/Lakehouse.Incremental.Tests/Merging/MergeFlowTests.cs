using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Staging;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.Merging;

public sealed class MergeFlowTests
{
    private readonly InMemoryTableStorage _silver = new();
    private readonly InMemoryTableStorage _staging = new();

    [Fact]
    public async Task Every_event_is_accounted_for()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 10 open", "b 10 open", "c 10 open"), table);

        MergeResult result = await flow.ApplyAsync(
            Orders.Batch("a 20 paid", "a 15 packed", "a 20 paid", "b 5 late", "b 10 open", "c 20 -", "d 7 -", "e 1 open", "e 1 paid"), table);

        result.RowsIn.Should().Be(9);
        result.Applied.Should().Be(4, "a, c, d and e have a new state");
        result.Superseded.Should().Be(2, "a@15, and one of the two e@1");
        result.Duplicates.Should().Be(2, "a@20 came twice, b@10 was known");
        result.Late.Should().Be(1, "b@5");
        result.Ties.Should().Be(1, "e@1");
        result.DeletesUnmatched.Should().Be(1, "d was never there");
        (result.Inserted, result.Updated, result.Deleted).Should().Be((1, 1, 1));
        result.Version.Should().Be(2);
        result.ToString().Should().StartWith("9 in: 1 updated, 1 inserted, 1 deleted, 1 late, 2 duplicate · version 2 · ");
    }

    [Fact]
    public async Task A_batch_that_brings_nothing_new_commits_nothing()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 10 open", "b 10 -"), table);

        MergeResult again = await flow.ApplyAsync(Orders.Batch("b 10 -", "a 10 open"), table);
        MergeResult empty = await flow.ApplyAsync(Orders.Batch(), table);

        (again.AlreadyApplied, again.Version, again.Duplicates).Should().Be((true, null, 2));
        empty.ToString().Should().Be("nothing new to merge");
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    [Theory]
    [InlineData("_ 10 open", ErrorCodes.NullKey)]
    [InlineData("a _ open", ErrorCodes.NullSequence)]
    public async Task An_event_without_key_or_sequence_is_refused_before_anything_is_written(string bad, string code)
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        int files = await CountFilesAsync();

        Func<Task> apply = () => flow.ApplyAsync(Orders.Batch("x 1 open", bad, bad), table);

        InvalidRowsException error = (await apply.Should().ThrowAsync<InvalidRowsException>()).Which;
        (error.ErrorCode, error.Count, error.Flow).Should().Be((code, 2, "orders"));
        error.SampleKeys.Should().HaveCount(2);
        (await CountFilesAsync()).Should().Be(files);
    }

    [Fact]
    public async Task NaN_has_no_place_in_an_order()
    {
        Schema schema = new([new Field("id", StringType.Default, true), new Field("at", DoubleType.Default, true)], null);
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("at").Build();
        DeltaTable table = await DeltaTable.CreateAsync(_silver, flow.TargetSchema(schema));
        RecordBatch batch = new(schema, [new StringArray.Builder().Append("a").Build(), new DoubleArray.Builder().Append(double.NaN).Build()], 1);

        Func<Task> apply = () => flow.ApplyAsync(batch, table);

        (await apply.Should().ThrowAsync<InvalidRowsException>()).Which.ErrorCode.Should().Be(ErrorCodes.NonOrderableSequence);
    }

    [Fact]
    public async Task Columns_that_do_not_fit_are_named()
    {
        MergeFlow flow = Orders.Flow().SchemaPolicy(SchemaPolicy.Strict).Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        RecordBatch whole = Orders.Batch("a 1 open");
        RecordBatch other = new(
            new Schema([.. whole.Schema.FieldsList.Where(f => f.Name != "seq"), new Field("surprise", StringType.Default, true)], null),
            whole.Arrays.Where((_, i) => i != 1).Append(new StringArray.Builder().Append("x").Build()), 1);

        Func<Task> apply = () => flow.ApplyAsync(other, table);

        LakehouseException error = (await apply.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("missing from the events: seq").And.Contain("not in the table: surprise");
    }

    [Fact]
    public async Task A_table_built_with_another_configuration_is_refused_by_name()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).Build();
        await flow.ApplyAsync(Orders.Batch("a 1 open"), await Orders.TableAsync(flow, _silver));
        DeltaTable table = await DeltaTable.OpenAsync(_silver);

        await Refused(Orders.Flow(ScdType.Type2).Keys("id", "note"), ErrorCodes.KeySchemaDrift);
        await Refused(Orders.Flow(ScdType.Type2).TrackHistoryOn("status"), ErrorCodes.TrackHistoryDrift);
        await Refused(MergeFlow.Named("other").Keys("id").SequenceBy("seq").StoredAs(ScdType.Type2).ExceptColumns("op"), ErrorCodes.ConfigurationDrift);
        (await table.RefreshAsync()).Version.Should().Be(1);

        async Task Refused(MergeFlowBuilder other, string code)
        {
            Func<Task> apply = () => other.Build().ApplyAsync(Orders.Batch("a 2 paid"), table);
            (await apply.Should().ThrowAsync<ConfigurationDriftException>()).Which.ErrorCode.Should().Be(code);
        }
    }

    [Fact]
    public async Task A_key_that_the_table_holds_twice_is_named_and_not_touched()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open"), table);
        await table.AppendAsync(Delta(Orders.Batch("a 1 copy")));

        Func<Task> touched = () => flow.ApplyAsync(Orders.Batch("a 2 paid"), table);

        LakehouseException error = (await touched.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.TargetKeyNotUnique);
        error.SampleKeys.Should().Equal("a");
        (await flow.ApplyAsync(Orders.Batch("b 2 paid"), table)).Updated.Should().Be(1, "other keys go on");
    }

    [Fact]
    public async Task Staged_versions_are_consumed_once_also_by_another_process()
    {
        MergeFlow flow = Orders.Flow().Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_staging, Orders.Events);
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await staging.AppendAsync(Orders.Batch("a 1 open"), new SourcePosition("s", 0, 0));
        await staging.AppendAsync(Orders.Batch("a 2 paid"), new SourcePosition("s", 0, 1));

        MergeResult first = await flow.ApplyAsync(staging, table);
        MergeResult again = await Orders.Flow().Build().ApplyAsync(await StagingTable.CreateOrOpenAsync(_staging, Orders.Events), await DeltaTable.OpenAsync(_silver));

        (first.RowsIn, first.Commits, first.Version).Should().Be((2, 1, 1));
        (again.AlreadyApplied, again.RowsIn, again.Version).Should().Be((true, 0, null));
        (await Orders.RowsAsync(table)).Should().Equal("a 2 paid");
    }

    [Fact]
    public async Task MaxRowsPerCommit_splits_between_versions()
    {
        MergeFlow flow = Orders.Flow().MaxRowsPerCommit(3).Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_staging, Orders.Events);
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        for (int i = 0; i < 4; i++)
        {
            await staging.AppendAsync(Orders.Batch($"a {i} x", $"b {i} x"), new SourcePosition("s", 0, i));
        }

        MergeResult result = await flow.ApplyAsync(staging, table);

        (result.Commits, result.RowsIn).Should().Be((4, 8));
        (await Orders.RowsAsync(table)).Should().Equal("a 3 x", "b 3 x");
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task Processes_that_race_on_one_target_end_in_the_lawful_state(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();
        await Orders.TableAsync(flow, _silver);
        string[][] batches = [.. Enumerable.Range(0, 6).Select(p => Enumerable.Range(0, 20).Select(i => $"k{i % 7} {(i * 7) + p} v{p}").ToArray())];

        await Task.WhenAll(batches.Select(batch => Task.Run(async () =>
        {
            DeltaTable own = await DeltaTable.OpenAsync(_silver);
            MergeFlow ownFlow = Orders.Flow(scdType).Build();
            foreach (string[] part in batch.Chunk(5))
            {
                await ownFlow.ApplyAsync(Orders.Batch(part), own);
            }
        })));

        InMemoryTableStorage single = new();
        DeltaTable expected = await Orders.TableAsync(flow, single);
        await flow.ApplyAsync(Orders.Batch([.. batches.SelectMany(b => b)]), expected);
        (await Orders.RowsAsync(await DeltaTable.OpenAsync(_silver))).Should().Equal(await Orders.RowsAsync(expected));
    }

    [Fact]
    public async Task Change_data_has_one_net_change_a_key_with_both_images_side_by_side()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open"), table);
        await flow.ApplyAsync(Orders.Batch("a 2 packed", "a 3 paid", "b 2 -", "c 1 open", "c 2 -", "d 1 open"), table);

        (await Orders.ChangesAsync(table, 2)).Should().Equal("update_preimage a 1 open", "update_postimage a 3 paid", "delete b 1 open", "insert d 1 open");
    }

    [Fact]
    public async Task A_commit_says_what_it_did()
    {
        MergeFlow flow = Orders.Flow().Build();
        StagingTable staging = await StagingTable.CreateOrOpenAsync(_staging, Orders.Events);
        DeltaTable table = await Orders.TableAsync(flow, _silver);
        await staging.AppendAsync(Orders.Batch("a 1 open", "b 2 -"), new SourcePosition("s", 0, 0));
        await flow.ApplyAsync(staging, table);

        CommitInfo info = table.CurrentSnapshot.CommitInfo!;
        JsonObject audit = JsonNode.Parse(info.UserMetadata!)!.AsObject();

        info.Operation.Should().Be("MERGE");
        info.OperationMetrics!["numSourceRows"]!.GetValue<string>().Should().Be("2");
        audit["flow"]!.GetValue<string>().Should().Be("orders");
        audit["input"]!["fromVersion"]!.GetValue<long>().Should().Be(-1);
        audit["input"]!["toVersion"]!.GetValue<long>().Should().Be(1);
        audit["input"]!["table"]!.GetValue<string>().Should().Be(staging.Table.CurrentSnapshot.TableId);
        long balance = ((string[])["applied", "duplicates", "late", "superseded"]).Sum(c => audit[c]!.GetValue<long>());
        balance.Should().Be(audit["rowsIn"]!.GetValue<long>()).And.Be(2);
        FlowState.Parse(table.CurrentSnapshot.Domain(FlowState.Domain))!.Sets["events"].Should().HaveCount(1);
    }

    [Fact]
    public async Task A_million_events_merge()
    {
        Schema schema = new([new Field("id", Int64Type.Default, true), new Field("seq", Int64Type.Default, true)], null);
        MergeFlow flow = MergeFlow.Named("f").Keys("id").SequenceBy("seq").Build();
        DeltaTable table = await DeltaTable.CreateAsync(_silver, flow.TargetSchema(schema));
        Int64Array ids = new Int64Array.Builder().AppendRange(Enumerable.Range(0, 1_000_000).Select(i => (long)i % 900_000)).Build();
        Int64Array sequence = new Int64Array.Builder().AppendRange(Enumerable.Range(0, 1_000_000).Select(i => (long)i)).Build();

        MergeResult result = await flow.ApplyAsync(new RecordBatch(schema, [ids, sequence], 1_000_000), table);
        MergeResult update = await flow.ApplyAsync(
            new RecordBatch(schema, [new Int64Array.Builder().Append(5).Append(-1).Build(), new Int64Array.Builder().Append(2_000_000).Append(1).Build()], 2), table);

        (result.Inserted, result.Superseded).Should().Be((900_000, 100_000));
        (update.Updated, update.Inserted).Should().Be((1, 1));
        table.CurrentSnapshot.RowCount.Should().Be(900_001);
    }

    private static RecordBatch Delta(RecordBatch events) => new(
        new Schema([.. events.Schema.FieldsList.Take(4)], null), events.Arrays.Take(4), events.Length);

    private async Task<int> CountFilesAsync()
    {
        int files = 0;
        await foreach (StoredFile _ in _silver.ListAsync(""))
        {
            files++;
        }

        return files;
    }
}
