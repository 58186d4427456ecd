using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Delta.Tests.Log;
using Lakehouse.Incremental.Delta.Tests.Storage;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.TestHost;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Numbers of batches may be passed over where a flow allows gaps (semantics 2.5): a late one is told apart from one that was applied, and nothing is lost.</summary>
public sealed class BatchGapsTests : IDisposable
{
    private readonly InMemoryTableStorage _storage = new();
    private readonly TempFolder _folder = new();
    private readonly MergeFlow _flow = Orders.Flow().AllowGaps().Build();

    [Fact]
    public async Task A_number_that_comes_late_is_applied_once_and_then_known()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        (await ApplyAsync(table, 7)).AlreadyApplied.Should().BeFalse();
        (await ApplyAsync(table, 3)).AlreadyApplied.Should().BeFalse();
        for (int again = 0; again < 2; again++)
        {
            (await ApplyAsync(table, 3)).AlreadyApplied.Should().BeTrue();
            (await ApplyAsync(table, 7)).AlreadyApplied.Should().BeTrue();
        }

        (await ApplyAsync(await DeltaTable.OpenAsync(_storage), 2)).AlreadyApplied.Should().BeFalse();
        (await Orders.RowsAsync(await DeltaTable.OpenAsync(_storage))).Should().Equal("k2 1 v2", "k3 1 v3", "k7 1 v7");
    }

    [Fact]
    public async Task The_transaction_keeps_the_greatest_number_for_other_writers()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        foreach (long batch in (long[])[4, 1, 2])
        {
            await ApplyAsync(table, batch);
            table.CurrentSnapshot.TransactionVersion(AppId).Should().Be(4);
        }

        Gaps(table).Should().Equal((0, 0), (3, 3));
    }

    [Fact]
    public async Task Another_content_under_a_number_that_came_late_is_an_error()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        foreach (long batch in (long[])[5, 2, 9, 4])
        {
            await ApplyAsync(table, batch);
        }

        foreach (long batch in (long[])[5, 2, 9, 4])
        {
            LakehouseException error = await Refused.ByAsync<LakehouseException>(() => _flow.ApplyAsync(Orders.Batch("x 1 other"), table, batch));
            (error.ErrorCode, error.Batch).Should().Be((ErrorCodes.BatchContentMismatch, $"{batch}"));
        }

        table.CurrentSnapshot.Version.Should().Be(4);
    }

    [Fact]
    public async Task When_all_have_come_nothing_is_remembered()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        foreach (long batch in (long[])[3, 0, 2, 1])
        {
            await ApplyAsync(table, batch);
        }

        table.CurrentSnapshot.Domain(TransactionGaps.Domain).Should().BeNull();
        Gaps(await DeltaTable.OpenAsync(_storage)).Should().BeEmpty();
        await ApplyAsync(table, 4);
        (await Orders.RowsAsync(table)).Should().HaveCount(5);
    }

    [Fact]
    public async Task A_flow_that_allows_no_gaps_takes_numbers_that_were_passed_over()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await ApplyAsync(table, 2);
        MergeFlow strict = Orders.Flow().Build();

        (await strict.ApplyAsync(Batch(1), table, 1)).AlreadyApplied.Should().BeFalse();
        (await strict.ApplyAsync(Batch(3), table, 3)).AlreadyApplied.Should().BeFalse();

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => strict.ApplyAsync(Batch(5), table, 5));
        error.ErrorCode.Should().Be(ErrorCodes.BatchGap);
        Gaps(table).Should().Equal((0, 0));
    }

    [Fact]
    public async Task A_late_number_without_news_is_remembered_too()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await _flow.ApplyAsync(Orders.Batch("a 9 new"), table, 1);
        (await _flow.ApplyAsync(Orders.Batch("a 1 old"), table, 0)).AlreadyApplied.Should().BeFalse();
        (await _flow.ApplyAsync(Orders.Batch("a 1 old"), table, 0)).AlreadyApplied.Should().BeTrue();
        (await Refused.ByAsync<LakehouseException>(() => _flow.ApplyAsync(Orders.Batch("a 1 older"), table, 0))).ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
    }

    [Fact]
    public async Task A_late_batch_that_is_refused_stays_missing()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await ApplyAsync(table, 1);
        await Refused.ByAsync<InvalidRowsException>(() => _flow.ApplyAsync(Orders.Batch("_ 1 keyless"), table, 0));
        (await ApplyAsync(table, 0)).AlreadyApplied.Should().BeFalse();
        (await Orders.RowsAsync(table)).Should().HaveCount(2);
    }

    [Fact]
    public async Task What_was_passed_over_outlives_the_clean_up_of_the_log()
    {
        ManualTime time = new();
        InMemoryTableStorage storage = new(time);
        DeltaTableOptions options = new() { TimeProvider = time };
        DeltaTable table = await DeltaTable.CreateAsync(storage, _flow.TargetSchema(Orders.Events), null, options);
        foreach (long batch in (long[])[5, 1, 8, 2])
        {
            await ApplyAsync(table, batch);
        }

        time.Milliseconds += (long)TimeSpan.FromDays(40).TotalMilliseconds;
        await table.CheckpointAsync();
        for (long batch = 9; batch < 12; batch++)
        {
            await ApplyAsync(table, batch);
        }

        time.Milliseconds += (long)TimeSpan.FromDays(40).TotalMilliseconds;
        await table.CheckpointAsync();
        (await table.CleanUpLogAsync()).OldestVersion.Should().Be(7, "the commits of all these numbers are gone");

        DeltaTable reopened = await DeltaTable.OpenAsync(storage, options);
        foreach (long batch in (long[])[1, 2, 5, 8, 11])
        {
            (await ApplyAsync(reopened, batch)).AlreadyApplied.Should().BeTrue();
        }

        foreach (long batch in (long[])[0, 3, 4, 6, 7])
        {
            (await ApplyAsync(reopened, batch)).AlreadyApplied.Should().BeFalse();
        }

        (await Orders.RowsAsync(reopened)).Should().HaveCount(12);
    }

    [Fact]
    public async Task A_restore_does_not_take_missing_numbers_for_applied()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await ApplyAsync(table, 0);
        long before = table.CurrentSnapshot.Version;
        await ApplyAsync(table, 4);
        await table.RestoreAsync(before);

        Gaps(table).Should().Equal((1, 3));
        (await ApplyAsync(table, 2)).AlreadyApplied.Should().BeFalse();
        (await Orders.RowsAsync(table)).Should().Equal("k0 1 v0", "k2 1 v2");
    }

    [Fact]
    public async Task Of_instances_that_fill_one_gap_one_applies_it()
    {
        await ApplyAsync(await Orders.TableAsync(_flow, _storage), 9);
        MergeResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            await Orders.Flow().AllowGaps().Build().ApplyAsync(Batch(i % 2), await DeltaTable.OpenAsync(_storage, new() { MaxCommitAttempts = 100 }), i % 2)));
        results.Count(static result => !result.AlreadyApplied).Should().Be(2);
        DeltaTable table = await DeltaTable.OpenAsync(_storage);
        Gaps(table).Should().Equal((2, 8));
        (await Orders.RowsAsync(table)).Should().Equal("k0 1 v0", "k1 1 v1", "k9 1 v9");
    }

    [Fact]
    public async Task Instances_that_pass_over_and_fill_at_once_lose_nothing()
    {
        await Orders.TableAsync(_flow, _storage);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
            await Orders.Flow().AllowGaps().Build().ApplyAsync(Batch(i), await DeltaTable.OpenAsync(_storage, new() { MaxCommitAttempts = 100 }), (i * 5) % 12))));
        DeltaTable table = await DeltaTable.OpenAsync(_storage);
        (await Orders.RowsAsync(table)).Should().HaveCount(12);
        Gaps(table).Should().BeEmpty();
    }

    [Fact]
    public async Task Processes_that_are_killed_lose_no_number()
    {
        DeltaTable table = await DeltaTable.CreateAsync(
            new LocalTableStorage(_folder.Path), NumberedWorker.Flow().TargetSchema(FlowWorker.Events), null, new() { MaxCommitAttempts = 1000 });
        int[] applied = await Task.WhenAll(Enumerable.Range(0, 2).Select(worker => Task.Run(() => RunAsync(worker, kills: 2 * worker))));

        DeltaTable alone = await DeltaTable.CreateAsync(new InMemoryTableStorage(), NumberedWorker.Flow().TargetSchema(FlowWorker.Events));
        for (int batch = 0; batch < NumberedWorker.Batches; batch++)
        {
            await NumberedWorker.Flow().ApplyAsync(FlowWorker.Batch(0, batch), alone);
        }

        await table.RefreshAsync();
        (await Words.RowsAsync(table)).Should().Equal(await Words.RowsAsync(alone));
        Gaps(table, "numbered").Should().BeEmpty();
        applied.Sum().Should().BeLessThanOrEqualTo(NumberedWorker.Batches, "a number is applied once, and one that was killed may not tell");
    }

    [Fact]
    public async Task Where_it_is_forgotten_whether_a_number_came_it_is_merged_again()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        foreach (long batch in (long[])[1, 5])
        {
            await ApplyAsync(table, batch);
        }

        await ForgetAsync(table, below: 4);
        (await ApplyAsync(table, 1)).AlreadyApplied.Should().BeTrue("the log has its commit");
        MergeResult late = await ApplyAsync(table, 2);
        (late.AlreadyApplied, late.Inserted).Should().Be((false, 1));
        (await ApplyAsync(table, 2)).AlreadyApplied.Should().BeTrue();
        (await Refused.ByAsync<LakehouseException>(() => _flow.ApplyAsync(Orders.Batch("x 1 other"), table, 2))).ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);

        await table.CheckpointAsync();
        for (int version = 0; version < 2; version++)
        {
            await _storage.DeleteAsync($"_delta_log/{version:d20}.json");
        }

        MergeResult again = await ApplyAsync(await DeltaTable.OpenAsync(_storage), 1);
        (again.AlreadyApplied, again.Duplicates, again.Inserted).Should().Be((false, 1, 0));
        (await ApplyAsync(table, 4)).AlreadyApplied.Should().BeFalse("it is in a gap that is known");
        (await Orders.RowsAsync(table)).Should().Equal("k1 1 v1", "k2 1 v2", "k4 1 v4", "k5 1 v5");
    }

    [Fact]
    public async Task Instances_that_bring_one_forgotten_number_apply_it_once()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await ApplyAsync(table, 5);
        await ForgetAsync(table, below: 4);
        MergeResult[] results = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            await Orders.Flow().AllowGaps().Build().ApplyAsync(Batch(2), await DeltaTable.OpenAsync(_storage, new() { MaxCommitAttempts = 100 }), 2)));
        results.Count(static result => !result.AlreadyApplied).Should().Be(1);
    }

    [Fact]
    public async Task Snapshots_and_staged_batches_do_not_touch_the_numbers()
    {
        Bench bench = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").AllowGaps(), "k s:long v");
        await bench.Flow.ApplyAsync(Words.Batch("k s:long v", "a 1 x"), bench.Table, 3);
        string? gaps = bench.Table.CurrentSnapshot.Domain(TransactionGaps.Domain);
        await bench.StageAsync("b 1 y");
        await bench.SnapshotAsync(10, "k v", ["a z", "b y"]);
        await bench.ApplyAsync("c 1 z");
        bench.Table.CurrentSnapshot.Domain(TransactionGaps.Domain).Should().Be(gaps).And.NotBeNull();
    }

    public void Dispose() => _folder.Dispose();

    private static string AppId => Orders.Flow().Build().AppId("batches");

    private static Apache.Arrow.RecordBatch Batch(long number) => Orders.Batch($"k{number} 1 v{number}");

    private static IReadOnlyList<(long, long)> Gaps(DeltaTable table, string? flow = null) =>
        TransactionGaps.Of(table.CurrentSnapshot, flow is null ? AppId : MergeFlow.Named(flow).Keys("k").SequenceBy("s").Build().AppId("batches")).Runs;

    private static async Task ForgetAsync(DeltaTable table, long below) => await table.CommitAsync(
        (snapshot, _) => Task.FromResult<CommitPlan?>(new()
        {
            Actions = [new DomainMetadata(TransactionGaps.Domain, $$$"""{"{{{AppId}}}":{"forgottenBelow":{{{below}}},"runs":[[{{{below}}},{{{below}}}]]}}""")],
            Info = new CommitInfo { Operation = "MANUAL" },
        }),
        CancellationToken.None);

    private Task<MergeResult> ApplyAsync(DeltaTable table, long number) => _flow.ApplyAsync(Batch(number), table, number);

    private async Task<int> RunAsync(int worker, int kills)
    {
        int applied = 0;
        for (int kill = 0; kill <= kills; kill++)
        {
            using HostProcess host = new("numbered", _folder.Path, $"{worker}");
            for (int lines = 0; (kill == kills || lines < 4) && await host.ReadLineAsync() is { } line; lines++)
            {
                applied += line == "applied" ? 1 : 0;
            }

            if (kill < kills)
            {
                await host.KillAsync();
            }
            else
            {
                (await host.ExitAsync()).Should().Be(0);
            }
        }

        return applied;
    }
}
