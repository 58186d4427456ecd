using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A workload on the lineitem table, in files of a million rows that are sorted by the key.</summary>
internal abstract class LineItemWorkload : Workload
{
    private const int RowsOfAFile = 1_000_000;

    /// <summary>All columns of the table, by which results are compared.</summary>
    protected static IReadOnlyList<string> ColumnNames { get; } = [.. LineItem.Schema.FieldsList.Select(static f => f.Name)];

    /// <summary>What the batches are made of; null when there are none.</summary>
    protected virtual ChangeMix? Mix => null;

    public override async Task PrepareAsync(Scenario scenario)
    {
        await BaseAsync(scenario).ConfigureAwait(false);
        if (Mix is not null)
        {
            await BatchesAsync(scenario, new ChangeSource(scenario.Rows, Mix, scenario.Seed)).ConfigureAwait(false);
        }
    }

    protected static MergeFlow Flow() => MergeFlow.Named("benchmark")
        .Keys([.. LineItem.Keys])
        .SequenceBy("l_seq")
        .ApplyAsDeleteWhen(change => change[LineItem.Operation].EqualTo("d"))
        .ExceptColumns(LineItem.Operation)
        .Build();

    /// <summary>The first row of the table once more: it changes nothing.</summary>
    protected static RecordBatch WarmUp(Scenario scenario) => LineItem.Events(new[] { LineItem.Base(0) }, scenario.Seed);

    private static async Task BaseAsync(Scenario scenario)
    {
        await Once.RunAsync(scenario.Base, async folder =>
        {
            DeltaTable table = await DeltaTable.CreateAsync(folder, LineItem.Schema).ConfigureAwait(false);
            for (long first = 0; first < scenario.Rows; first += RowsOfAFile)
            {
                int rows = (int)Math.Min(RowsOfAFile, scenario.Rows - first);
                RowId[] ids = new RowId[rows];
                for (int i = 0; i < rows; i++)
                {
                    ids[i] = LineItem.Base(first + i);
                }

                await table.AppendAsync(LineItem.Rows(ids, scenario.Seed)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await Once.RunAsync(scenario.Database, file => DuckTables.CreateAsync(file, scenario.Base)).ConfigureAwait(false);
    }

    private static async Task BatchesAsync(Scenario scenario, ChangeSource source)
    {
        for (int batch = 0; batch < scenario.Batches; batch++)
        {
            int number = batch;
            await Once.RunAsync(scenario.Source(batch), async folder =>
            {
                DeltaTable table = await DeltaTable.CreateAsync(folder, LineItem.Changes).ConfigureAwait(false);
                await table.AppendAsync(LineItem.Events(source.Batch(number, scenario.Batch), scenario.Seed)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }
}
