using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>DuckDB on a table of its own, in a database file; the source is a temporary table.</summary>
internal sealed class DuckMergePeer(Scenario scenario, IReadOnlyList<string> statements, IReadOnlyList<string> compared) : Peer
{
    private DuckDb _duckDb = null!;

    public override Task OpenAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "copy.duckdb");
        File.Copy(scenario.Database, file);
        _duckDb = DuckDb.InFile(file);
        return Task.CompletedTask;
    }

    public override Task LoadAsync(int batch)
    {
        string files = DuckDb.Text(Path.Combine(scenario.Source(batch), "*.parquet"));
        _duckDb.Execute($"CREATE OR REPLACE TEMP TABLE source AS SELECT * FROM read_parquet({files})");
        return Task.CompletedTask;
    }

    public override Task<Effects> ApplyAsync()
    {
        foreach (string statement in statements)
        {
            _duckDb.Execute(statement);
        }

        return Task.FromResult(new Effects());
    }

    public override Task<string?> FingerprintAsync() => Task.FromResult<string?>(TableFingerprint.Of(_duckDb, "target", compared));

    public override ValueTask DisposeAsync()
    {
        _duckDb?.Dispose();
        return ValueTask.CompletedTask;
    }
}
