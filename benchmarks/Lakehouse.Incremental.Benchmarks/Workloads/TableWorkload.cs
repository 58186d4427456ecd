using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Data;
using Lakehouse.Incremental.Benchmarks.Peers;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>A workload on a table in files of a million rows that are sorted by the key; lineitem unless it says otherwise.</summary>
internal abstract class TableWorkload : Workload
{
    public override string DataName => Data.Name;

    protected virtual Dataset Data => LineItem.Instance;

    /// <summary>What the batches are made of; null when there are none.</summary>
    protected virtual ChangeMix? Mix => null;

    /// <summary>False when there is nothing to merge.</summary>
    protected virtual bool HasBatches => Mix is not null;

    protected virtual long RowsOfAFile(long rows) => 1_000_000;

    /// <summary>The rows of a batch.</summary>
    protected virtual RowId[] Changes(Scenario scenario, int batch) =>
        new ChangeSource(scenario.Rows, Mix!, scenario.Seed, scenario.Keys).Batch(batch, scenario.Batch);

    public override async Task PrepareAsync(Scenario scenario)
    {
        await Once.RunAsync(scenario.Base, folder => BaseAsync(scenario, folder)).ConfigureAwait(false);
        await Once.RunAsync(scenario.Database, file => DuckTables.CreateAsync(file, scenario.Base)).ConfigureAwait(false);
        for (int batch = 0; HasBatches && batch < scenario.Batches; batch++)
        {
            RowId[] rows = Path.Exists(scenario.Source(batch)) ? [] : Changes(scenario, batch);
            await Once.RunAsync(scenario.Source(batch), async folder =>
            {
                DeltaTable table = await DeltaTable.CreateAsync(folder, Data.Changes).ConfigureAwait(false);
                await table.AppendAsync(Data.Events(rows, scenario.Seed)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    protected MergeFlow Flow() => MergeFlow.Named("benchmark")
        .Keys([.. Data.Keys])
        .SequenceBy(Data.Sequence)
        .ApplyAsDeleteWhen(change => change[Dataset.Operation].EqualTo("d"))
        .ExceptColumns(Dataset.Operation)
        .Build();

    /// <summary>The first row of the table once more: it changes nothing.</summary>
    protected RecordBatch WarmUp(Scenario scenario) => Data.Events(new[] { Places.Base(0) }, scenario.Seed);

    private async Task BaseAsync(Scenario scenario, string folder)
    {
        DeltaTable table = await DeltaTable.CreateAsync(folder, Data.Schema).ConfigureAwait(false);
        long ofAFile = Math.Max(RowsOfAFile(scenario.Rows), 1);
        for (long first = 0; first < scenario.Rows; first += ofAFile)
        {
            RowId[] ids = new RowId[(int)Math.Min(ofAFile, scenario.Rows - first)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = Places.Base(first + i);
            }

            await table.AppendAsync(Data.Rows(ids, scenario.Seed)).ConfigureAwait(false);
        }
    }
}
