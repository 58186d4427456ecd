using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Batches with numbers (semantics 2.5): once each, in order, and never another content under a number.</summary>
public sealed class BatchLedgerTests
{
    private static readonly RecordBatch s_first = Orders.Batch("a 1 open", "b 1 open");
    private static readonly RecordBatch s_second = Orders.Batch("a 2 paid", "b 2 -");

    private readonly InMemoryTableStorage _storage = new();
    private readonly MergeFlow _flow = Orders.Flow().Build();

    [Fact]
    public async Task A_batch_is_applied_once_and_then_known_by_its_number()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        MergeResult first = await _flow.ApplyAsync(s_first, table, batch: 0);
        (first.Inserted, first.AlreadyApplied, first.Version).Should().Be((2L, false, 1L));
        (first.FilesAdded, first.FilesRemoved).Should().Be((1, 0));
        first.BytesWritten.Should().BeGreaterThanOrEqualTo(table.CurrentSnapshot.SizeInBytes);
        MergeResult second = await _flow.ApplyAsync(s_second, table, batch: 1);
        (second.FilesAdded, second.FilesRemoved).Should().Be((1, 1), "the first file has no row left");
        for (int again = 0; again < 2; again++)
        {
            RecordBatch reordered = TakeKernel.Take(again == 0 ? s_first : s_second, [1, 0]);
            (await Orders.Flow().Build().ApplyAsync(reordered, await DeltaTable.OpenAsync(_storage), batch: again)).AlreadyApplied.Should().BeTrue();
        }

        (await DeltaTable.OpenAsync(_storage)).CurrentSnapshot.Version.Should().Be(2);
        (await Orders.RowsAsync(table)).Should().Equal("a 2 paid");
    }

    [Fact]
    public async Task Another_content_under_a_number_is_an_error_and_changes_nothing()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        await _flow.ApplyAsync(s_first, table, batch: 0);
        await _flow.ApplyAsync(s_second, table, batch: 1);
        foreach (RecordBatch other in (RecordBatch[])[s_second, s_first.Slice(0, 1), Orders.Batch("a 1 open", "b 1 open", "b 1 open")])
        {
            LakehouseException error = (await FluentActions.Awaiting(() => _flow.ApplyAsync(other, table, batch: 0)).Should().ThrowAsync<LakehouseException>()).Which;
            (error.ErrorCode, error.Flow, error.Batch).Should().Be((ErrorCodes.BatchContentMismatch, "orders", "0"));
        }

        table.CurrentSnapshot.Version.Should().Be(2);
    }

    [Fact]
    public async Task A_gap_is_an_error_and_empty_batches_count()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        (await FluentActions.Awaiting(() => _flow.ApplyAsync(s_first, table, batch: 1)).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.BatchGap);
        await _flow.ApplyAsync(s_first.Slice(0, 0), table, batch: 0);
        await _flow.ApplyAsync(s_first, table, batch: 1);
        (await Orders.RowsAsync(table)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Of_several_writers_of_one_number_one_applies_it_and_the_others_learn_so()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        MergeResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            await Orders.Flow().Build().ApplyAsync(s_first, await DeltaTable.OpenAsync(_storage), batch: 0)));
        results.Count(static result => !result.AlreadyApplied).Should().Be(1);
        (await table.RefreshAsync()).Version.Should().Be(1);
    }

    [Fact]
    public async Task A_number_whose_commit_the_log_lost_is_still_known()
    {
        DeltaTable table = await Orders.TableAsync(_flow, _storage);
        for (int batch = 0; batch < 10; batch++)
        {
            await _flow.ApplyAsync(Orders.Batch($"k{batch} 1 open"), table, batch);
        }

        await table.CheckpointAsync();
        for (int version = 0; version < 5; version++)
        {
            await _storage.DeleteAsync($"_delta_log/{version:d20}.json");
        }

        DeltaTable reopened = await DeltaTable.OpenAsync(_storage);
        (await Orders.Flow().Build().ApplyAsync(s_first, reopened, batch: 0)).AlreadyApplied.Should().BeTrue();
        (await FluentActions.Awaiting(() => _flow.ApplyAsync(s_first, reopened, batch: 8)).Should().ThrowAsync<LakehouseException>())
            .Which.ErrorCode.Should().Be(ErrorCodes.BatchContentMismatch);
    }
}
