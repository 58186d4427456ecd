using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>DuckDB reads the table's Parquet files, joins, and writes one new Parquet file; its next batch reads that one.</summary>
internal sealed class DuckRewritePeer(Scenario scenario, string select, IReadOnlyList<string> compared) : Peer
{
    private readonly DuckDb _duckDb = DuckDb.InMemory();
    private string _folder = "";
    private string _current = "";
    private int _batch;

    public override Task OpenAsync(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        _current = Path.Combine(scenario.Base, "*.parquet");
        return Task.CompletedTask;
    }

    public override Task LoadAsync(int batch)
    {
        _batch = batch;
        string files = DuckDb.Text(Path.Combine(scenario.Source(batch), "*.parquet"));
        _duckDb.Execute($"CREATE OR REPLACE TABLE source AS SELECT * FROM read_parquet({files})");
        _duckDb.Execute($"CREATE OR REPLACE VIEW target AS SELECT * FROM read_parquet({DuckDb.Text(_current)})");
        return Task.CompletedTask;
    }

    public override Task<Effects> ApplyAsync()
    {
        string next = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_batch}.parquet"));
        _duckDb.Execute($"COPY ({select}) TO {DuckDb.Text(next)} (FORMAT parquet)");
        _current = next;
        return Task.FromResult(new Effects { FilesAdded = 1 });
    }

    public override Task<string?> FingerprintAsync() =>
        Task.FromResult<string?>(TableFingerprint.Of(_duckDb, $"read_parquet({DuckDb.Text(_current)})", compared));

    public override ValueTask DisposeAsync()
    {
        _duckDb.Dispose();
        return ValueTask.CompletedTask;
    }
}
