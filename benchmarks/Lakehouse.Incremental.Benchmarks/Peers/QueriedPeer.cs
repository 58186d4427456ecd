using System.Diagnostics;
using Apache.Arrow;
using Lakehouse.Incremental.Benchmarks.Measure;
using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>Another peer, while a reader asks for the newest version of its table and reads some columns of it, again and again.</summary>
internal sealed class QueriedPeer(Peer writer, IReadOnlyList<string> columns) : Peer
{
    private const int QuietQueries = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _seconds = [];
    private string _folder = "";
    private Task? _reader;

    public override async Task OpenAsync(string folder)
    {
        await writer.OpenAsync(folder).ConfigureAwait(false);
        _folder = folder;
        _reader = Task.Run(async () =>
        {
            DeltaTable table = await DeltaTable.OpenAsync(folder).ConfigureAwait(false);
            do
            {
                _seconds.Add(await QueryAsync(table).ConfigureAwait(false));
            }
            while (!_stop.IsCancellationRequested);
        });
    }

    public override Task LoadAsync(int batch) => writer.LoadAsync(batch);

    public override Task<Effects> ApplyAsync() => writer.ApplyAsync();

    public override async Task<IReadOnlyDictionary<string, double>> FinishAsync()
    {
        await StopAsync().ConfigureAwait(false);
        Dictionary<string, double> more = new(await writer.FinishAsync().ConfigureAwait(false));
        DeltaTable table = await DeltaTable.OpenAsync(_folder).ConfigureAwait(false);
        List<double> quiet = [];
        for (int i = 0; i < QuietQueries; i++)
        {
            quiet.Add(await QueryAsync(table).ConfigureAwait(false));
        }

        more["queries"] = _seconds.Count;
        more["query_seconds"] = Statistics.Percentile(_seconds, 0.5);
        more["query_seconds_alone"] = Statistics.Percentile(quiet, 0.5);
        return more;
    }

    public override Task<string?> FingerprintAsync() => writer.FingerprintAsync();

    public override async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
        await writer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StopAsync()
    {
        if (_reader is { } reader)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            _reader = null;
            await reader.ConfigureAwait(false);
        }
    }

    private async Task<double> QueryAsync(DeltaTable table)
    {
        long started = Stopwatch.GetTimestamp();
        await table.RefreshAsync().ConfigureAwait(false);
        await foreach (RecordBatch batch in table.ReadAsync(columns).ConfigureAwait(false))
        {
            GC.KeepAlive(batch);
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
