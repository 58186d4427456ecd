using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Appends the batch to an empty table: ours.</summary>
internal sealed class AppendPeer(Scenario scenario) : DeltaPeer(scenario)
{
    private string _folder = "";

    public override Task OpenAsync(string folder)
    {
        _folder = folder;
        return Task.CompletedTask;
    }

    public override async Task LoadAsync(int batch)
    {
        await base.LoadAsync(batch).ConfigureAwait(false);
        Table = await DeltaTable.CreateAsync(_folder, Source.Schema).ConfigureAwait(false);
    }

    public override async Task<Effects> ApplyAsync()
    {
        AppendResult written = await Table.AppendAsync(Source).ConfigureAwait(false);
        return new Effects { RowsWritten = written.Rows, RowsChanged = written.Rows, FilesAdded = written.Files, FilesTouched = written.Files };
    }

    public override async Task<string?> FingerprintAsync() =>
        await TableFingerprint.OfAsync(Table, _folder, Source.Schema.FieldsList.Select(static f => f.Name)).ConfigureAwait(false);
}
