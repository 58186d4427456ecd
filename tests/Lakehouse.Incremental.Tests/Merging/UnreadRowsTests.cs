using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>A row that its clock decides about is not read: it is replaced even where its file is gone.</summary>
public sealed class UnreadRowsTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Fact]
    public async Task Whole_events_at_other_places_replace_rows_that_nobody_reads()
    {
        (MergeFlow flow, DeltaTable table) = await WithoutFirstFileAsync(new());

        MergeResult result = await flow.ApplyAsync(Orders.Batch("a 2 shipped", "b 0 late", "c 3 -", "e 1 open"), table);

        (result.Updated, result.Deleted, result.Inserted, result.Late).Should().Be((1, 1, 1, 1));
        table.CurrentSnapshot.RowCount.Should().Be(5);
    }

    [Fact]
    public async Task A_tie_needs_the_row()
    {
        (MergeFlow flow, DeltaTable table) = await WithoutFirstFileAsync(new());

        await Refused.ByAsync<Exception>(() => flow.ApplyAsync(Orders.Batch("a 1 other"), table));
    }

    [Fact]
    public async Task A_key_that_is_too_long_to_be_exact_needs_the_row()
    {
        (MergeFlow flow, DeltaTable table) = await WithoutFirstFileAsync(new());

        await Refused.ByAsync<Exception>(() => flow.ApplyAsync(Orders.Batch("a-key-of-twenty-bytes 2 shipped"), table));
    }

    [Fact]
    public async Task Change_data_need_the_row()
    {
        (MergeFlow flow, DeltaTable table) = await WithoutFirstFileAsync(new(), changeDataFeed: true);

        await Refused.ByAsync<Exception>(() => flow.ApplyAsync(Orders.Batch("a 2 shipped"), table));
    }

    [Fact]
    public async Task Without_the_index_all_is_read()
    {
        (MergeFlow flow, DeltaTable table) = await WithoutFirstFileAsync(new() { UsesKeyIndex = false });

        await Refused.ByAsync<Exception>(() => flow.ApplyAsync(Orders.Batch("a 2 shipped"), table));
    }

    // The first batch's file is known to the index once the second is merged; then it is taken away.
    private async Task<(MergeFlow Flow, DeltaTable Table)> WithoutFirstFileAsync(DeltaTableOptions options, bool changeDataFeed = false)
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await DeltaTable.CreateAsync(
            _storage, flow.TargetSchema(Orders.Events), new() { ChangeDataFeed = changeDataFeed }, options with { DataCacheBytes = 0 });
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open", "c 1 open", "a-key-of-twenty-bytes 1 open"), table);
        AddFile first = table.CurrentSnapshot.Files.Single();
        await flow.ApplyAsync(Orders.Batch("d 1 open"), table);
        await _storage.DeleteAsync(first.Path);
        return (flow, table);
    }
}
