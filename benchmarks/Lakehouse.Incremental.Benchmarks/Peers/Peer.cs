using Lakehouse.Incremental.Benchmarks.Measure;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>One way to do the work of a workload. Only <see cref="ApplyAsync"/> is timed.</summary>
internal abstract class Peer : IAsyncDisposable
{
    /// <summary>Makes a fresh copy of the table in a folder that does not exist yet, and opens it.</summary>
    public abstract Task OpenAsync(string folder);

    /// <summary>Brings a batch of the source to memory.</summary>
    public abstract Task LoadAsync(int batch);

    /// <summary>Does the work; when it returns, the result is durable.</summary>
    public abstract Task<Effects> ApplyAsync();

    /// <summary>Further measures once all batches are in.</summary>
    public virtual Task<IReadOnlyDictionary<string, double>> FinishAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double>());

    /// <summary>Count and checksum of the resulting rows; null where the work has no rows to compare.</summary>
    public abstract Task<string?> FingerprintAsync();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
