using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>A peer that works on a copy of the Delta table.</summary>
internal abstract class DeltaPeer(Scenario scenario) : Peer
{
    protected string Folder { get; private set; } = "";

    protected DeltaTable Table { get; set; } = null!;

    protected RecordBatch Source { get; private set; } = null!;

    /// <summary>Table properties that the copy gets.</summary>
    public IReadOnlyDictionary<string, string?> Properties { get; init; } = new Dictionary<string, string?>();

    /// <summary>Columns that the peers' results are compared by; all of the table when null.</summary>
    public IReadOnlyList<string>? Compared { get; init; }

    public override async Task OpenAsync(string folder)
    {
        Folder = folder;
        TableCopy.Make(scenario.Base, folder);
        Table = await DeltaTable.OpenAsync(folder).ConfigureAwait(false);
        if (Properties.Count > 0)
        {
            await Table.SetPropertiesAsync(Properties).ConfigureAwait(false);
        }
    }

    public override async Task LoadAsync(int batch) => Source = await ReadAsync(scenario.Source(batch)).ConfigureAwait(false);

    public override async Task<string?> FingerprintAsync() =>
        await TableFingerprint.OfAsync(Table, Folder, Compared ?? [.. Table.CurrentSnapshot.Schema.FieldsList.Select(static f => f.Name)]).ConfigureAwait(false);

    protected static async Task<RecordBatch> ReadAsync(string folder)
    {
        DeltaTable table = await DeltaTable.OpenAsync(folder, new DeltaTableOptions { DataCacheBytes = 0 }).ConfigureAwait(false);
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in table.ReadAsync().ConfigureAwait(false))
        {
            batches.Add(batch);
        }

        return ConcatKernel.Concat(table.CurrentSnapshot.Schema, batches);
    }
}
