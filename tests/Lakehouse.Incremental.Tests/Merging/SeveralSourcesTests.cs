using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Storage;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Several sources that write into one table (semantics 2.36).</summary>
public sealed class SeveralSourcesTests
{
    private const string Orders = "k s:long a";
    private const string Prices = "k t:long b s:long";

    [Fact]
    public async Task Two_staging_tables_fill_one_table_whichever_comes_first()
    {
        string[]? rows = null;
        foreach (bool pricesFirst in new[] { false, true })
        {
            (Bench orders, StagingTable prices) = await OpenAsync();
            if (pricesFirst)
            {
                await orders.Flow.ApplyAsync(prices, orders.Table);
            }

            await orders.StageColumnsAsync(Orders, "x 1 A", "y 1 B");
            await orders.StageColumnsAsync(Orders, "x 2 A2");
            await orders.Flow.ApplyAsync(prices, orders.Table);

            (await orders.RowsAsync()).Should().Equal(rows ?? ["x 2 A2 900 1.50", "y 1 B _ _"]);
            rows = await orders.RowsAsync();
        }
    }

    [Fact]
    public async Task A_table_that_another_flow_keeps_is_refused_by_its_name()
    {
        (Bench orders, _) = await OpenAsync();
        await orders.StageColumnsAsync(Orders, "x 1 A");

        ConfigurationDriftException error = await Refused.ByAsync<ConfigurationDriftException>(
            () => MergeFlow.Named("other").Keys("k").SequenceBy("s").Build().ApplyAsync(Words.Batch(Orders, "x 2 B"), orders.Table));

        error.Message.Should().Contain("kept by flow 'f'");
    }

    [Theory]
    [InlineData(ReconcileMode.Report)]
    [InlineData(ReconcileMode.Repair)]
    public async Task A_reconciliation_with_one_of_two_staging_tables_does_not_take_the_rows_of_the_other_for_drift(ReconcileMode mode)
    {
        (Bench orders, StagingTable prices) = await OpenAsync();
        await orders.StageColumnsAsync(Orders, "x 1 A");
        await orders.Flow.ApplyAsync(prices, orders.Table);
        string[] rows = await orders.RowsAsync();

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => orders.ReconcileAsync(mode));

        (error.ErrorCode, error.Flow).Should().Be((ErrorCodes.InvalidConfiguration, "f"));
        (await orders.RowsAsync()).Should().Equal(rows);
    }

    [Fact]
    public async Task A_reconciliation_does_not_take_numbered_batches_beside_a_staging_table_for_drift()
    {
        (Bench orders, _) = await OpenAsync();
        await orders.StageColumnsAsync(Orders, "x 1 A");
        await orders.Flow.ApplyAsync(Words.Batch(Orders, "y 1 B"), orders.Table, batch: 0);

        LakehouseException error = await Refused.ByAsync<LakehouseException>(() => orders.ReconcileAsync(ReconcileMode.Repair));

        error.Message.Should().Contain("batches");
        (await orders.RowsAsync()).Should().HaveCount(2);
    }

    private static async Task<(Bench Orders, StagingTable Prices)> OpenAsync()
    {
        Bench orders = await Bench.OpenAsync(MergeFlow.Named("f").Keys("k").SequenceBy("s").SequenceGroup(["t"], "b"), "k s:long a t:long b");
        StagingTable prices = await StagingTable.CreateOrOpenAsync(new InMemoryTableStorage(), Words.Schema(Prices));
        await prices.AppendAsync(Words.Batch(Prices, "x 900 1.50 _", "x 800 1.40 _", "z 1 9.99 _"), new SourcePosition("prices", 0, 0));
        return (orders, prices);
    }
}
