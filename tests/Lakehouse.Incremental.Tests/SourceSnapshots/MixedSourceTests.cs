using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Tests.Tables;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.SourceSnapshots;

/// <summary>Snapshots beside change events, other writers and crashes (semantics 2.19, 2.37).</summary>
public sealed class MixedSourceTests
{
    private const string Columns = "k s:long a op";

    [Theory]
    [InlineData(ScdType.Type1, "x 20 C", "y 10 Y")]
    [InlineData(ScdType.Type2, "gone 5 G [5,10)", "x 10 B [10,20)", "x 20 C [20,∞)", "x 5 A [5,10)", "y 10 Y [10,∞)")]
    public async Task Events_after_the_version_stand_whether_they_come_before_or_after_the_snapshot(ScdType type, params string[] expected)
    {
        foreach (bool snapshotFirst in new[] { true, false })
        {
            Bench bench = await Bench.OpenAsync(Flow(type), Columns);
            await bench.ApplyAsync("x 5 A u", "gone 5 G u");
            if (snapshotFirst)
            {
                await bench.SnapshotAsync(10, "k a", ["x B", "y Y"]);
            }

            await bench.ApplyAsync("x 20 C u");
            if (!snapshotFirst)
            {
                await bench.SnapshotAsync(10, "k a", ["x B", "y Y"]);
            }

            (await bench.RowsAsync()).Should().Equal(expected);
        }
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 20 A")]
    [InlineData(ScdType.Type2, "x 20 A [20,∞)")]
    public async Task A_row_that_is_newer_than_the_snapshot_is_not_deleted_nor_counted_by_the_guard(ScdType type, string expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.ApplyAsync("x 20 A u");
        await bench.SnapshotAsync(10, "k a", [], new() { AllowEmpty = true, MinGuardRows = 0 });

        (await bench.RowsAsync()).Should().Equal(expected);
        (await bench.ApplyAsync("x 7 B u")).Deleted.Should().Be(0);
    }

    [Fact]
    public async Task Operations_and_former_keys_of_the_flow_do_not_apply_to_rows()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1).PreviousKeys("old"), "k s:long a old op");

        await bench.SnapshotAsync(1, "k a old op", ["x A w d"]);

        (await bench.RowsAsync()).Should().Equal("x 1 A");
    }

    [Fact]
    public async Task A_snapshot_before_the_horizon_is_refused()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type1), Columns, quarantine: true);
        await bench.SnapshotAsync(1, "k a", ["x A"]);
        await bench.Flow.AdvanceHorizonAsync(bench.Table, [100L]);

        (await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(99, "k a", ["x B"]))).ErrorCode.Should().Be(ErrorCodes.TooLate);
        await bench.SnapshotAsync(100, "k a", ["x B"]);
        (await bench.RowsAsync()).Should().Equal("x 100 B");
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 1 A", "z 2 Z")]
    [InlineData(ScdType.Type2, "x 1 A [1,∞)", "y 1 B [1,2)", "z 2 Z [2,∞)")]
    public async Task A_table_that_was_adopted_takes_snapshots_after_its_baseline(ScdType type, params string[] expected)
    {
        Bench former = await Bench.OpenAsync(Flow(type), Columns);
        await former.ApplyAsync("x 1 A u", "y 1 B u");
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await foreach (Apache.Arrow.RecordBatch rows in former.Table.ReadAsync())
        {
            await bench.Table.AppendAsync(rows);
        }

        await bench.Flow.AdoptAsync(bench.Table, [1L]);
        (await Refused.ByAsync<LakehouseException>(() => bench.SnapshotAsync(1, "k a", ["x B"]))).ErrorCode.Should().Be(ErrorCodes.TooLate);
        await bench.SnapshotAsync(2, "k a", ["x A", "z Z"]);

        (await bench.RowsAsync()).Should().Equal(expected);
    }

    [Theory]
    [InlineData(ScdType.Type1, "x 1 A")]
    [InlineData(ScdType.Type2, "x 1 A [1,∞)", "y 2 B [2,3)")]
    public async Task A_key_that_another_writer_brings_meanwhile_is_absent_too(ScdType type, params string[] expected)
    {
        Bench bench = await Bench.OpenAsync(Flow(type), Columns);
        await bench.SnapshotAsync(1, "k a", ["x A"]);
        HookedStorage racing = new(bench.Table.Storage);
        DeltaTable table = await DeltaTable.OpenAsync(racing);
        racing.BeforePutIfAbsent = async path =>
        {
            racing.BeforePutIfAbsent = static _ => Task.CompletedTask;
            await bench.ApplyAsync("y 2 B u");
        };

        MergeResult result = await Flow(type).Build().ApplySnapshotAsync(Words.Batch("k a", "x A"), table, 3);

        (result.LostRaces, result.Applied).Should().Be((1, 1));
        (await Words.RowsAsync(table)).Should().Equal(expected);
    }

    [Fact]
    public async Task Of_several_writers_of_one_version_one_applies_it()
    {
        Bench bench = await Bench.OpenAsync(Flow(ScdType.Type2), Columns);
        MergeResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            await Flow(ScdType.Type2).Build().ApplySnapshotAsync(Words.Batch("k a", "x A"), await DeltaTable.OpenAsync(bench.Table.Storage), 1)));

        results.Count(static result => !result.AlreadyApplied).Should().Be(1);
        (await bench.Table.RefreshAsync()).Version.Should().Be(1);
    }

    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task A_crash_leaves_nothing_but_the_need_to_run_again(ScdType type)
    {
        Bench whole = await Bench.OpenAsync(Flow(type), Columns);
        await RunAsync(whole.Flow, whole.Table);
        for (int writes = 0; ; writes++)
        {
            Bench bench = await Bench.OpenAsync(Flow(type), Columns);
            int left = writes;
            Task Write(string path) => left-- > 0 ? Task.CompletedTask : Task.FromException(new IOException("crashed"));
            HookedStorage failing = new(bench.Table.Storage) { BeforePutIfAbsent = Write, BeforePut = Write, BeforeCreate = Write };
            bool crashed = false;
            try
            {
                await RunAsync(bench.Flow, await DeltaTable.OpenAsync(failing));
            }
            catch (Exception error) when (error.ToString().Contains("crashed", StringComparison.Ordinal))
            {
                crashed = true;
            }

            await RunAsync(Flow(type).Build(), await DeltaTable.OpenAsync(bench.Table.Storage));
            (await bench.RowsAsync()).Should().Equal(await whole.RowsAsync(), $"it crashed after {writes} writes");
            if (!crashed)
            {
                writes.Should().BeGreaterThan(3);
                return;
            }
        }
    }

    /// <summary>Delivers what the target does not name as applied: a source knows which snapshot it delivered last from the table.</summary>
    private static async Task RunAsync(MergeFlow flow, DeltaTable table)
    {
        string[][] snapshots = [["x A", "y B"], ["x C", "z D"]];
        for (int version = (int)(await table.RefreshAsync()).Version + 1; version <= snapshots.Length; version++)
        {
            await flow.ApplySnapshotAsync(Words.Batch("k a", snapshots[version - 1]), table, version);
        }
    }

    private static MergeFlowBuilder Flow(ScdType type) => MergeFlow.Named("f").Keys("k").SequenceBy("s")
        .Operations("op", new OperationCodes { Upsert = ["u"], Delete = ["d"] }).ExceptColumns("op").StoredAs(type);
}
