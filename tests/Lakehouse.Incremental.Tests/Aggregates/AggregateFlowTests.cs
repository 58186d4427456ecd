using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Aggregates;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.State;

namespace Lakehouse.Incremental.Tests.Aggregates;

public sealed class AggregateFlowTests
{
    private static readonly AggregateFlow Flow = GoldOracle.Flow("g");

    [Fact]
    public void The_target_has_the_groups_and_the_measures_in_their_published_types()
    {
        Schema schema = Flow.TargetSchema(SilverTable.Schema);
        schema.FieldsList.Select(f => f.Name).Should().Equal(
            "g", "rows", "sum_real", "sum_single", "sum_whole", "sum_amount",
            "min_real", "max_real", "min_single", "max_whole", "min_text", "max_text");
        schema.GetFieldByName("sum_single").DataType.Should().BeOfType<FloatType>();
        schema.GetFieldByName("sum_amount").DataType.Should().BeEquivalentTo(new Decimal128Type(38, 2));
        schema.GetFieldByName("sum_whole").DataType.Should().BeOfType<Int64Type>();
        schema.GetFieldByName("max_text").DataType.Should().BeOfType<StringType>();
    }

    [Fact]
    public void Flows_that_make_no_sense_are_refused_when_they_are_built()
    {
        (AggregateFlowBuilder Builder, string Says)[] wrong =
        [
            (AggregateFlow.Named(" ").Count("n"), "*needs a name*"),
            (AggregateFlow.Named("f").GroupBy("a"), "*at least one of*"),
            (AggregateFlow.Named("f").GroupBy("a").Count("A"), "*published twice*"),
            (AggregateFlow.Named("f").GroupBy("__rows").Count("n"), "*reserved*"),
            (AggregateFlow.Named("f").GroupBy("").Count("n"), "*no name*"),
        ];
        foreach ((AggregateFlowBuilder builder, string says) in wrong)
        {
            Action build = () => builder.Build();
            build.Should().Throw<LakehouseException>().WithMessage(says).Which.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        }
    }

    [Fact]
    public void Columns_that_do_not_fit_are_refused_by_name()
    {
        foreach (AggregateFlowBuilder builder in (AggregateFlowBuilder[])
            [AggregateFlow.Named("f").Sum("text"), AggregateFlow.Named("f").Count("n").GroupBy("nowhere")])
        {
            Action ask = () => builder.Build().TargetSchema(SilverTable.Schema);
            ask.Should().Throw<LakehouseException>().Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        }
    }

    [Fact]
    public async Task A_group_that_empties_disappears_and_its_state_with_it()
    {
        (SilverTable silver, DeltaTable gold) = await CreateAsync(Flow);
        await silver.ChangeAsync(Row(1, "a", 1), Row(2, "b", 2));
        await Flow.ApplyAsync(silver.Table, gold);
        await silver.ChangeAsync(Gone(1));
        AggregateResult result = await Flow.ApplyAsync(silver.Table, gold);

        (result.Retracted, result.Deleted, result.Updated, result.IsFullRefresh).Should().Be((1, 1, 0, false));
        (await GoldOracle.ActualAsync(gold, 1)).Should().ContainSingle().Which.Should().StartWith("b => 1 |");
        Flow.Session(gold).State.Count.Should().Be(1);
    }

    [Fact]
    public async Task A_global_aggregate_keeps_its_row()
    {
        AggregateFlow flow = GoldOracle.Flow();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        AggregateResult first = await flow.ApplyAsync(silver.Table, gold);
        string nothing = " => 0 | null | null | null | null | null | null | null | null | null | null";
        (await GoldOracle.ActualAsync(gold, 0)).Should().Equal(nothing);
        first.Inserted.Should().Be(1);

        await silver.ChangeAsync(Row(1, "a", 1));
        await flow.ApplyAsync(silver.Table, gold);
        await silver.ChangeAsync(Gone(1));
        await flow.ApplyAsync(silver.Table, gold);
        (await GoldOracle.ActualAsync(gold, 0)).Should().Equal(nothing);
    }

    [Fact]
    public async Task Rows_state_progress_and_lineage_land_in_one_commit()
    {
        (SilverTable silver, DeltaTable gold) = await CreateAsync(Flow);
        await silver.ChangeAsync(Row(1, "a", 1), Row(2, "b", 2));
        await Flow.ApplyAsync(silver.Table, gold);
        await silver.ChangeAsync(Row(1, "a", 5), Row(3, "c", 3));
        AggregateResult result = await Flow.ApplyAsync(silver.Table, gold);

        result.Version.Should().Be(2);
        IReadOnlyList<DeltaAction> actions = await gold.Log.ReadCommitAsync(2, default);
        SetTransaction transaction = actions.OfType<SetTransaction>().Single();
        string silverId = silver.Table.CurrentSnapshot.TableId;
        transaction.AppId.Should().Be($"lakehouse.incremental/aggregate/gold/{silverId}");
        transaction.Version.Should().Be(silver.Table.CurrentSnapshot.Version);
        FlowState state = FlowState.Parse(actions.OfType<DomainMetadata>().Single(d => d.Domain == FlowState.Domain).Configuration)!;
        state.Sets["groups"].Should().HaveCount(2);
        actions.OfType<AddCdcFile>().Should().ContainSingle();
        actions.OfType<AddFile>().Should().HaveCount(2, "a file of new rows, and the former one with a deletion vector");

        CommitInfo info = actions.OfType<CommitInfo>().Single();
        JsonNode audit = JsonNode.Parse(info.UserMetadata!)!;
        info.Operation.Should().Be("AGGREGATE");
        audit["flow"]!.GetValue<string>().Should().Be("gold");
        audit["refresh"]!.GetValue<string>().Should().Be("Incremental");
        audit["input"]!.ToJsonString().Should().Be($$"""{"table":"{{silverId}}","fromVersion":1,"toVersion":2}""");
        (Count("rowsIn"), Count("added"), Count("retracted"), Count("inserted"), Count("updated"), Count("deleted")).Should().Be((3, 2, 1, 1, 1, 0));
        (result.RowsIn, result.Added, result.Retracted, result.Groups).Should().Be((3, 2, 1, 2));

        long Count(string name) => audit[name]!.GetValue<long>();
    }

    [Fact]
    public async Task Changes_that_do_not_show_rewrite_nothing()
    {
        AggregateFlow flow = AggregateFlow.Named("f").GroupBy("g").Count("n").Max("whole").Build();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        await silver.ChangeAsync(Row(1, "a", 9), Row(2, "a", 3));
        await flow.ApplyAsync(silver.Table, gold);
        await silver.ChangeAsync(Row(2, "a", 4));
        AggregateResult result = await flow.ApplyAsync(silver.Table, gold);

        (result.RowsIn, result.Inserted + result.Updated + result.Deleted).Should().Be((2, 0));
        IReadOnlyList<DeltaAction> actions = await gold.Log.ReadCommitAsync(2, default);
        actions.Should().NotContain(a => a is AddFile || a is RemoveFile || a is AddCdcFile);
    }

    [Fact]
    public async Task A_retracted_extreme_is_found_again_in_the_input()
    {
        AggregateFlow flow = AggregateFlow.Named("f").GroupBy("g").Max("whole", "top").Build();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        await silver.ChangeAsync(Row(1, "a", 9), Row(2, "a", 9), Row(3, "a", 7), Row(4, null, 9), Row(5, null, 1), Row(6, "b", 3));
        await flow.ApplyAsync(silver.Table, gold);

        await silver.ChangeAsync(Gone(1));
        (await flow.ApplyAsync(silver.Table, gold)).Recomputed.Should().Be(0, "another row holds the extreme");
        await silver.ChangeAsync(Row(2, "a", 8), Gone(4));
        (await flow.ApplyAsync(silver.Table, gold)).Recomputed.Should().Be(2);
        (await GoldOracle.ActualAsync(gold, 1)).Should().Equal("a => 8", "b => 3", "null => 1");
    }

    [Fact]
    public async Task What_comes_and_goes_within_a_range_needs_no_look_at_the_input()
    {
        AggregateFlow flow = AggregateFlow.Named("f").GroupBy("g").Max("whole", "top").Build();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        await silver.ChangeAsync(Row(1, "a", 5));
        await flow.ApplyAsync(silver.Table, gold);
        await silver.ChangeAsync(Row(2, "a", 50));
        await silver.ChangeAsync(Row(2, "a", 40));
        await silver.ChangeAsync(Gone(2));
        AggregateResult result = await flow.ApplyAsync(silver.Table, gold);

        (result.RowsIn, result.Recomputed, result.Updated).Should().Be((4, 0, 0));
    }

    [Fact]
    public async Task A_sum_that_does_not_fit_is_an_error_and_nothing_is_written()
    {
        AggregateFlow flow = AggregateFlow.Named("f").Sum("whole").Build();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        await silver.ChangeAsync(Row(1, "a", long.MaxValue / 1000), Row(2, "a", 1));
        await flow.ApplyAsync(silver.Table, gold);
        RecordBatch huge = await RowsOfAsync(silver, id: 2, whole: long.MaxValue);
        await silver.Table.AppendAsync(huge);

        Func<Task> apply = () => flow.ApplyAsync(silver.Table, gold);
        (await apply.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.Overflow);
        (await gold.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task Retracting_what_was_never_added_is_an_error_that_names_the_group()
    {
        (SilverTable silver, DeltaTable gold) = await CreateAsync(Flow);
        await silver.ChangeAsync(Row(1, "a", 1));
        await Flow.ApplyAsync(silver.Table, gold);
        await LieAsync(silver, await RowsOfAsync(silver, id: 1, whole: 77));

        Func<Task> apply = () => Flow.ApplyAsync(silver.Table, gold);
        LakehouseException error = (await apply.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.RetractionUnderflow);
        (error.Count, error.Flow).Should().Be((1, "gold"));
        error.SampleKeys.Should().Equal("a");
        (await gold.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task Another_configuration_or_input_on_the_same_table_is_refused()
    {
        AggregateFlow flow = AggregateFlow.Named("f").GroupBy("g").Sum("whole", "s").Build();
        (SilverTable silver, DeltaTable gold) = await CreateAsync(flow);
        await flow.ApplyAsync(silver.Table, gold);
        SilverTable other = await SilverTable.CreateAsync();
        (AggregateFlow Flow, DeltaTable Input, string Says)[] drifted =
        [
            (AggregateFlow.Named("other").GroupBy("g").Sum("whole", "s").Build(), silver.Table, "*kept by flow 'f'*"),
            (AggregateFlow.Named("f").GroupBy("g").Max("whole", "s").Build(), silver.Table, "*measures*"),
            (flow, other.Table, "*input*"),
        ];
        await silver.ChangeAsync(Row(1, "a", 1));
        foreach ((AggregateFlow drift, DeltaTable input, string says) in drifted)
        {
            Func<Task> apply = () => drift.ApplyAsync(input, gold);
            (await apply.Should().ThrowAsync<ConfigurationDriftException>().WithMessage(says)).Which.Flow.Should().Be(drift.Name);
        }
    }

    [Fact]
    public async Task A_table_with_other_columns_is_refused()
    {
        SilverTable silver = await SilverTable.CreateAsync();
        Func<Task> apply = () => Flow.ApplyAsync(silver.Table, silver.Table);
        (await apply.Should().ThrowAsync<LakehouseException>()).Which.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
    }

    [Fact]
    public async Task A_group_that_stands_twice_is_an_error_that_names_it()
    {
        (SilverTable silver, DeltaTable gold) = await CreateAsync(Flow);
        await silver.ChangeAsync(Row(1, "a", 1));
        await Flow.ApplyAsync(silver.Table, gold);
        await foreach (RecordBatch rows in gold.ReadAsync())
        {
            await gold.AppendAsync(rows);
        }

        await silver.ChangeAsync(Row(2, "a", 2));
        Func<Task> apply = () => Flow.ApplyAsync(silver.Table, gold);
        LakehouseException error = (await apply.Should().ThrowAsync<LakehouseException>()).Which;
        error.ErrorCode.Should().Be(ErrorCodes.TargetKeyNotUnique);
        error.SampleKeys.Should().Equal("a");
    }

    [Fact]
    public async Task Each_version_counts_once_though_many_apply_at_the_same_time()
    {
        InMemoryTableStorage storage = new();
        SilverTable silver = await SilverTable.CreateAsync();
        await DeltaTable.CreateAsync(storage, Flow.TargetSchema(SilverTable.Schema), new() { ChangeDataFeed = true });
        for (int round = 0; round < 5; round++)
        {
            await silver.ChangeAsync([.. Enumerable.Range(0, 6).Select(i => Row(i + round, "g" + (i % 3), i * round))]);
            AggregateResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
                await GoldOracle.Flow("g").ApplyAsync(await DeltaTable.OpenAsync(silver.Storage), await DeltaTable.OpenAsync(storage)))));
            results.Count(r => !r.AlreadyApplied).Should().Be(1);
        }

        (await GoldOracle.ActualAsync(await DeltaTable.OpenAsync(storage), 1)).Should().Equal(GoldOracle.Expected(silver.Rows.Values, "g"));
    }

    [Fact]
    public void A_result_is_one_line_in_any_culture()
    {
        AggregateResult result = new()
        {
            Version = 57, RowsIn = 12004, Updated = 9100, Inserted = 28, Deleted = 9, Duration = TimeSpan.FromMilliseconds(31),
        };
        result.ToString().Should().Be("12,004 changes in: 9,100 groups updated, 28 inserted, 9 deleted · version 57 · 31 ms");
        new AggregateResult { AlreadyApplied = true }.ToString().Should().Be("nothing new to aggregate");
    }

    private static SilverEvent Row(int id, string? group, long whole) => new(id, false, group, 1, whole, whole, whole, "t");

    private static SilverEvent Gone(int id) => new(id, true, null, null, null, null, null, null);

    private static async Task<(SilverTable Silver, DeltaTable Gold)> CreateAsync(AggregateFlow flow) => (
        await SilverTable.CreateAsync(),
        await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(SilverTable.Schema), new() { ChangeDataFeed = true }));

    /// <summary>The row of a key with another value.</summary>
    private static async Task<RecordBatch> RowsOfAsync(SilverTable silver, int id, long whole)
    {
        await foreach (RecordBatch rows in silver.Table.ReadAsync(new ReadOptions { Filter = Delta.Filters.Filter.Column("id").EqualTo(id) }))
        {
            IEnumerable<IArrowArray> columns = rows.Schema.FieldsList.Select((field, i) =>
                field.Name == "whole" ? ConstantArray.Create(Int64Type.Default, whole, rows.Length) : rows.Column(i));
            return new RecordBatch(rows.Schema, columns, rows.Length);
        }

        throw new InvalidOperationException("There is no such row.");
    }

    /// <summary>Commits change data that says rows were deleted which the table never held.</summary>
    private static async Task LieAsync(SilverTable silver, RecordBatch rows)
    {
        Schema schema = new([.. rows.Schema.FieldsList, new Field("_change_type", StringType.Default, false)], null);
        RecordBatch changes = new(schema, [.. rows.Arrays, ConstantArray.Create(StringType.Default, "delete", rows.Length)], rows.Length);
        await silver.Table.CommitAsync(
            async (snapshot, token) => new CommitPlan
            {
                Actions = [.. await silver.Table.Writer.WriteChangesAsync(snapshot, [changes], token)],
                Info = new CommitInfo { Operation = "LIE" },
            },
            default);
    }
}
