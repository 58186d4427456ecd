using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Maintenance;

public sealed class AutoCompactTests
{
    [Theory]
    [InlineData(ScdType.Type1)]
    [InlineData(ScdType.Type2)]
    public async Task The_number_of_files_does_not_grow_with_the_number_of_batches(ScdType scdType)
    {
        MergeFlow flow = Orders.Flow(scdType).Build();
        DeltaTable plain = await TableAsync(flow, "false");
        DeltaTable compacted = await TableAsync(flow, "true");
        for (int batch = 0; batch < 60; batch++)
        {
            string[] events = [.. Enumerable.Range(0, 20).Select(i => $"k{(batch * 11) + i} {batch} v{batch}")];
            await flow.ApplyAsync(Orders.Batch(events), plain);
            await flow.ApplyAsync(Orders.Batch(events), compacted);
        }

        compacted.CurrentSnapshot.FileCount.Should().BeLessThan(16);
        plain.CurrentSnapshot.FileCount.Should().BeGreaterThan(40);
        (await Orders.RowsAsync(compacted)).Should().Equal(await Orders.RowsAsync(plain)).And.NotBeEmpty();
    }

    [Fact]
    public async Task Compaction_rearranges_and_is_no_change_of_data()
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await TableAsync(flow, "true");
        for (int batch = 0; batch < 8; batch++)
        {
            await flow.ApplyAsync(Orders.Batch($"k{batch} 1 v"), table);
        }

        TableVersion optimize = (await table.HistoryAsync(1)).Single();

        optimize.Operation.Should().Be("OPTIMIZE");
        (await Orders.ChangesAsync(table, optimize.Version)).Should().BeEmpty();
        (await table.Log.ReadCommitAsync(optimize.Version, CancellationToken.None))
            .OfType<Delta.Actions.AddFile>().Should().ContainSingle().Which.DataChange.Should().BeFalse();
    }

    private static Task<DeltaTable> TableAsync(MergeFlow flow, string autoCompact) => DeltaTable.CreateAsync(
        new InMemoryTableStorage(),
        flow.TargetSchema(Orders.Events),
        new() { ChangeDataFeed = true, Properties = new Dictionary<string, string> { ["delta.autoOptimize.autoCompact"] = autoCompact } });
}
