using Apache.Arrow;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Reading;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>In a table that tracks rows, a merge keeps the id of a row it updates and gives a new one to a row it inserts.</summary>
public sealed class RowTrackingTests
{
    private readonly InMemoryTableStorage _storage = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_updated_row_keeps_its_id_and_an_untouched_one_its_version_too(bool deletionVectors)
    {
        MergeFlow flow = Orders.Flow().Build();
        DeltaTable table = await CreateAsync(flow, deletionVectors);
        await flow.ApplyAsync(Orders.Batch("a 1 open", "b 1 open", "c 1 open"), table);
        Dictionary<string, (long Id, long Version)> first = await IdentitiesAsync(table);
        first.Values.Select(static row => row.Id).Order().Should().Equal(0, 1, 2);

        for (int round = 2; round < 5; round++)
        {
            await flow.ApplyAsync(Orders.Batch($"b {round} paid", $"c {round} -", $"n{round} 1 open"), table);
            Dictionary<string, (long Id, long Version)> rows = await IdentitiesAsync(table);
            rows["a"].Should().Be(first["a"]);
            rows["b"].Should().Be((first["b"].Id, table.CurrentSnapshot.Version));
            rows.Should().NotContainKey("c");
            rows.Values.Select(static row => row.Id).Should().OnlyHaveUniqueItems();
        }

        (await Orders.RowsAsync(await DeltaTable.OpenAsync(_storage))).Should().Equal("a 1 open", "b 4 paid", "n2 1 open", "n3 1 open", "n4 1 open");
    }

    [Fact]
    public async Task A_history_row_that_is_closed_is_still_the_same_row()
    {
        MergeFlow flow = Orders.Flow(ScdType.Type2).Build();
        DeltaTable table = await CreateAsync(flow, deletionVectors: true);
        await flow.ApplyAsync(Orders.Batch("a 1 open"), table);
        long id = (await IdentitiesAsync(table, "status"))["open"].Id;
        await flow.ApplyAsync(Orders.Batch("a 2 paid"), table);
        Dictionary<string, (long Id, long Version)> rows = await IdentitiesAsync(table, "status");
        rows["open"].Id.Should().Be(id);
        rows["paid"].Id.Should().NotBe(id);
    }

    private Task<DeltaTable> CreateAsync(MergeFlow flow, bool deletionVectors) => DeltaTable.CreateAsync(
        _storage,
        flow.TargetSchema(Orders.Events),
        new() { DeletionVectors = deletionVectors, Properties = new Dictionary<string, string> { ["delta.enableRowTracking"] = "true" } });

    private static async Task<Dictionary<string, (long Id, long Version)>> IdentitiesAsync(DeltaTable table, string column = "id")
    {
        Dictionary<string, (long, long)> rows = [];
        foreach (AddFile file in table.CurrentSnapshot.Files)
        {
            DeletionVector deleted = await table.DeletionVectors.LoadAsync(file.DeletionVector, CancellationToken.None);
            foreach (RecordBatch batch in await LiveRows.ReadToMoveAsync(table, table.CurrentSnapshot, file, deleted, CancellationToken.None))
            {
                Int64Array id = (Int64Array)batch.Column(batch.ColumnCount - 2);
                Int64Array version = (Int64Array)batch.Column(batch.ColumnCount - 1);
                for (int row = 0; row < batch.Length; row++)
                {
                    rows.Add(CellText.Format(batch.Column(column), row), (id.GetValue(row)!.Value, version.GetValue(row)!.Value));
                }
            }
        }

        return rows;
    }
}
