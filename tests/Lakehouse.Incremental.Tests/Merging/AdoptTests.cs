using Apache.Arrow;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Taking over a table that no flow has written (semantics 2.43b).</summary>
public sealed class AdoptTests
{
    private const string Columns = "k s:long a";
    private const string History = "k s:long a __start_at:long __end_at:long __is_current:bool";

    [Fact]
    public async Task Rows_have_the_baseline_as_their_clock()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns, "x 10 A", "y _ B", "z 90 C");

        MergeResult adopted = await flow.AdoptAsync(table, [100L]);
        MergeResult merged = await flow.ApplyAsync(Words.Batch(Columns, "x 100 late", "y 101 B2", "new 99 late", "z 50 late"), table);

        adopted.Version.Should().Be(2);
        (merged.Late, merged.Updated, merged.Inserted).Should().Be((3, 1, 0));
        (await Words.RowsAsync(table)).Should().Equal("x 10 A", "y 101 B2", "z 90 C");
    }

    [Fact]
    public async Task An_adoption_changes_no_row()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns, "x 10 A", "y _ B");
        await flow.AdoptAsync(table, [100L]);

        (await Words.RowsAsync(table)).Should().Equal("x 10 A", "y _ B");
        (await Words.ChangesAsync(table, 2)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_partial_event_after_the_baseline_keeps_what_was_there()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, "k s:long a b", "x 10 A B", "y _ A B");
        await flow.AdoptAsync(table, [100L]);
        await flow.ApplyAsync(Words.Batch("k s:long b", "x 150 B2", "y 150 B2"), table);

        (await Words.RowsAsync(table)).Should().Equal("x 150 A B2", "y 150 A B2");
    }

    [Fact]
    public async Task An_adopted_history_goes_on_after_the_baseline()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(
            ScdType.Type2, History, "x 10 A 10 20 false", "x 25 B 20 _ true", "y 10 A 10 15 false", "z 1 A 1 5 false", "z 7 A 7 _ true");
        await flow.AdoptAsync(table, [100L]);
        string[] adopted = await Words.RowsAsync(table);

        await flow.ApplyAsync(Words.Batch(Columns, "x 110 C", "y 120 A"), table);

        adopted.Should().Equal("x 10 A [10,20)", "x 25 B [20,∞)", "y 10 A [10,15)", "z 1 A [1,5)", "z 7 A [7,∞)");
        (await Words.RowsAsync(table)).Should().Equal(
            "x 10 A [10,20)", "x 110 C [110,∞)", "x 25 B [20,110)", "y 10 A [10,15)", "y 120 A [120,∞)", "z 1 A [1,5)", "z 7 A [7,∞)");
    }

    [Fact]
    public async Task Periods_that_meet_with_equal_values_stay_two()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type2, History, "x 10 A 10 20 false", "x 20 A 20 _ true");
        await flow.AdoptAsync(table, [100L]);
        await flow.ApplyAsync(Words.Batch(Columns, "x 110 C"), table);

        (await Words.RowsAsync(table)).Should().Equal("x 10 A [10,20)", "x 110 C [110,∞)", "x 20 A [20,110)");
    }

    [Fact]
    public async Task An_event_inside_an_adopted_history_is_too_late()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns, quarantine: true);
        await bench.Table.AppendAsync(Words.Batch(History, "x 10 A 10 20 false", "x 20 B 20 _ true"));
        await bench.Flow.AdoptAsync(bench.Table, [100L]);

        MergeResult result = await bench.ApplyAsync("x 15 C", "x 101 D");

        (result.TooLate, result.Applied).Should().Be((1, 1));
        (await bench.RowsAsync()).Should().Equal("x 10 A [10,20)", "x 101 D [101,∞)", "x 20 B [20,101)");
        (await bench.KeptAsync()).Should().Equal("TOO_LATE '' x 15 C");
    }

    [Fact]
    public async Task An_adopted_key_that_is_deleted_and_comes_back_has_two_lives()
    {
        MergeFlow flow = Flow(ScdType.Type2).ApplyAsDeleteWhen(c => c["a"].EqualTo("-")).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), flow.TargetSchema(Words.Schema(Columns)));
        await table.AppendAsync(Words.Batch(History, "x 10 A 10 _ true"));
        await flow.AdoptAsync(table, [100L]);
        await flow.ApplyAsync(Words.Batch(Columns, "x 110 -", "x 120 A"), table);

        (await Words.RowsAsync(table)).Should().Equal("x 10 A [10,110)", "x 120 A [120,∞)");
    }

    [Fact]
    public async Task An_empty_table_can_be_adopted()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns);
        await flow.AdoptAsync(table, [100L]);

        (await flow.ApplyAsync(Words.Batch(Columns, "x 100 late", "y 101 new"), table)).Inserted.Should().Be(1);
    }

    [Theory]
    [InlineData("x 10 A 10 20 false", "x 15 B 15 _ true")]
    [InlineData("x 10 A 10 _ true", "x 20 B 20 _ true")]
    [InlineData("x 10 A 10 10 false")]
    [InlineData("x 10 A 10 5 false")]
    [InlineData("x 30 A 10 20 false")]
    [InlineData("x 10 A 10 20 true")]
    public async Task A_history_that_is_no_timeline_is_refused_with_its_keys(params string[] rows)
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type2, History, [.. rows, "fine 10 A 10 _ true"]);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.TimelineBroken, "f"));
        error.SampleKeys.Should().Contain("x").And.NotContain("fine");
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task Periods_that_meet_and_agree_stay_two_since_a_delete_may_have_been_between_them()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type2, History, "x 10 A 10 20 false", "x 20 A 20 _ true");
        await flow.AdoptAsync(table, [100L]);
        await flow.ApplyAsync(Words.Batch(Columns, "x 110 B"), table);

        (await Words.RowsAsync(table)).Should().Equal("x 10 A [10,20)", "x 110 B [110,∞)", "x 20 A [20,110)");
    }

    [Theory]
    [InlineData(ScdType.Type1, "k s:long a", "x 10 A", "x 20 B")]
    [InlineData(ScdType.Type2, History, "x 10 A 10 _ true", "x 10 A 10 _ true")]
    public async Task A_key_that_is_there_twice_is_refused_by_name(ScdType type, string columns, string one, string other)
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(type, columns, one, other, columns == History ? "y 10 A 10 _ true" : "y 1 A");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        error.ErrorCode.Should().Be(type == ScdType.Type1 ? ErrorCodes.TargetKeyNotUnique : ErrorCodes.TimelineBroken);
        error.SampleKeys.Should().Equal("x");
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task A_row_without_key_is_refused()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns, "_ 10 A", "x 10 A");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        error.ErrorCode.Should().Be(ErrorCodes.NullKey);
    }

    [Fact]
    public async Task A_row_that_is_newer_than_the_baseline_is_refused_with_its_key()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns, "x 10 A", "y 101 B");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.SampleKeys.Should().Equal("y");
    }

    [Theory]
    [InlineData("s:long a")]
    [InlineData("k a")]
    public async Task A_table_without_key_or_sequence_is_refused_by_name(string columns)
    {
        MergeFlow flow = Flow(ScdType.Type1).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Words.Schema(columns));

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain(columns.Contains('k', StringComparison.Ordinal) ? "column s" : "column k");
    }

    [Fact]
    public async Task A_table_without_the_columns_of_a_history_is_refused_by_name()
    {
        MergeFlow flow = Flow(ScdType.Type2).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Words.Schema(Columns));

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]));

        error.ErrorCode.Should().Be(ErrorCodes.SchemaMismatch);
        error.Message.Should().Contain("__start_at");
    }

    [Fact]
    public async Task A_table_that_a_flow_keeps_is_not_adopted()
    {
        (MergeFlow flow, DeltaTable table) = await TableAsync(ScdType.Type1, Columns);
        await flow.ApplyAsync(Words.Batch(Columns, "x 1 A"), table);

        ConfigurationDriftException own = await Refused.ByAsync<ConfigurationDriftException>(() => flow.AdoptAsync(table, [100L]));
        ConfigurationDriftException other = await Refused.ByAsync<ConfigurationDriftException>(
            () => MergeFlow.Named("other").Keys("k").SequenceBy("s").Build().AdoptAsync(table, [100L]));

        own.Message.Should().Contain("'f'");
        other.Message.Should().Contain("'f'");
    }

    [Fact]
    public async Task A_flow_with_groups_cannot_adopt()
    {
        MergeFlow flow = Flow(ScdType.Type1).SequenceGroup(["t"], "a").Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Words.Schema("k s:long a t:long"));

        (await Refused.ByAsync<LakehouseException>(() => flow.AdoptAsync(table, [100L]))).ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
    }

    [Fact]
    public async Task A_reconciliation_says_that_it_cannot_prove_an_adopted_table()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns);
        await bench.Table.AppendAsync(Words.Batch(Columns, "x 10 A"));
        await bench.Flow.AdoptAsync(bench.Table, [100L]);
        await bench.StageAsync("x 110 B");

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => bench.ReconcileAsync());

        error.ErrorCode.Should().Be(ErrorCodes.InvalidConfiguration);
        error.Message.Should().Contain("adopted");
        (await bench.RowsAsync()).Should().Equal("x 110 B");
    }

    [Fact]
    public async Task A_row_that_is_marked_as_deleted_stays_so()
    {
        Bench bench = await SoftAsync(ScdType.Type1, "k s:long a __is_deleted:bool __deleted_at:long", "x 10 A true 20", "y 10 A false _", "z 10 A _ _");

        await bench.ApplyAsync("x 15 late u", "y 15 late u", "z 15 late u", "x 16 _ d");
        string[] afterLate = await bench.RowsAsync();
        await bench.ApplyAsync("x 110 B u", "y 110 _ d");

        afterLate.Should().Equal("x 10 A deleted@20", "y 10 A", "z 10 A");
        (await bench.RowsAsync()).Should().Equal("x 110 B", "y 10 A deleted@110", "z 10 A");
    }

    [Fact]
    public async Task A_partial_event_after_a_row_that_is_marked_as_deleted_starts_from_nulls()
    {
        Bench bench = await SoftAsync(ScdType.Type1, "k s:long a __is_deleted:bool __deleted_at:long", "x 10 A true 20");

        await bench.ApplyColumnsAsync("k s:long op", "x 110 u");

        (await bench.RowsAsync()).Should().Equal("x 110 _");
    }

    [Fact]
    public async Task A_mark_without_a_time_or_after_the_baseline_is_refused_with_its_key()
    {
        foreach (string row in new[] { "x 10 A true _", "x 10 A true 101", "x 10 A false 20" })
        {
            LakehouseException error = await Refused.ByAsync<LakehouseException>(
                () => SoftAsync(ScdType.Type1, "k s:long a __is_deleted:bool __deleted_at:long", row, "y 10 A false _"));

            error.ErrorCode.Should().Be(ErrorCodes.TimelineBroken, row);
            error.SampleKeys.Should().Equal("x");
        }
    }

    [Fact]
    public async Task The_marked_row_of_a_history_ends_with_the_next_upsert()
    {
        Bench bench = await SoftAsync(
            ScdType.Type2, "k s:long a __start_at:long __end_at:long __is_current:bool __is_deleted:bool",
            "x 10 A 10 20 false false", "x 10 A 20 _ true true", "y 10 A 10 20 false false", "y 10 A 20 30 false true", "y 30 B 30 _ true false");
        string[] adopted = await bench.RowsAsync();

        await bench.ApplyAsync("x 110 B u", "y 110 _ d");

        adopted.Should().Equal("x 10 A [10,20)", "x 10 A [20,∞) deleted", "y 10 A [10,20)", "y 10 A [20,30) deleted", "y 30 B [30,∞)");
        (await bench.RowsAsync()).Should().Equal(
            "x 10 A [10,20)", "x 10 A [20,110) deleted", "x 110 B [110,∞)",
            "y 10 A [10,20)", "y 10 A [20,30) deleted", "y 30 B [110,∞) deleted", "y 30 B [30,110)");
    }

    private static async Task<Bench> SoftAsync(ScdType type, string columns, params string[] rows)
    {
        MergeFlowBuilder flow = Flow(type).DeleteMode(DeleteMode.Soft).ApplyAsDeleteWhen(c => c["op"].EqualTo("d")).ExceptColumns("op");
        Bench bench = await Bench.OpenAsync(flow, "k s:long a op", quarantine: true);
        await bench.Table.AppendAsync(Words.Batch(columns, rows));
        await bench.Flow.AdoptAsync(bench.Table, [100L]);
        return bench;
    }

    private static async Task<(MergeFlow Flow, DeltaTable Table)> TableAsync(ScdType type, string columns, params string[] rows)
    {
        MergeFlow flow = Flow(type).Build();
        DeltaTable table = await DeltaTable.CreateAsync(new InMemoryTableStorage(), Words.Schema(columns), new() { ChangeDataFeed = true });
        RecordBatch batch = Words.Batch(columns, rows);
        if (batch.Length > 0)
        {
            await table.AppendAsync(batch);
        }

        return (flow, table);
    }

    private static MergeFlowBuilder Flow(ScdType type) => MergeFlow.Named("f").Keys("k").SequenceBy("s").StoredAs(type);
}
