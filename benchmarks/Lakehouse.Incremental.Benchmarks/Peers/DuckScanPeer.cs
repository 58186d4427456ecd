using System.Globalization;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Benchmarks.Workloads;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>DuckDB aggregates the Parquet files of the base table.</summary>
internal sealed class DuckScanPeer(Scenario scenario, string aggregate) : Peer
{
    private readonly DuckDb _duckDb = DuckDb.InMemory();
    private string _result = "";

    public int Threads { get; init; } = 2;

    public override Task OpenAsync(string folder)
    {
        _duckDb.Execute(string.Create(CultureInfo.InvariantCulture, $"SET threads = {Threads}"));
        return Task.CompletedTask;
    }

    public override Task LoadAsync(int batch) => Task.CompletedTask;

    public override Task<Effects> ApplyAsync()
    {
        _result = _duckDb.Scalar($"SELECT {aggregate} FROM read_parquet({DuckDb.Text(Path.Combine(scenario.Base, "*.parquet"))})");
        return Task.FromResult(new Effects());
    }

    public override Task<string?> FingerprintAsync() => Task.FromResult<string?>(_result);

    public override ValueTask DisposeAsync()
    {
        _duckDb.Dispose();
        return ValueTask.CompletedTask;
    }
}
