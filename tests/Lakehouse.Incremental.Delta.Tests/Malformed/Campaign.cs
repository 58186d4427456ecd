using System.Collections.Concurrent;
using System.Globalization;

namespace Lakehouse.Incremental.Delta.Tests.Malformed;

/// <summary>Runs many trials on a few threads of its own and watches that each of them ends.</summary>
internal sealed class Campaign(IReadOnlyList<Victim> victims, int seed, int cases)
{
    private const int MostFailures = 10;

    private readonly ConcurrentQueue<string> _failures = new();
    private int _next = -1;
    private int _done;
    private int _refused;

    public IReadOnlyCollection<string> Failures => _failures;

    public int Done => _done;

    public int Refused => _refused;

    public void Run(int workers)
    {
        (Thread Thread, Progress Progress)[] running = new (Thread, Progress)[workers];
        for (int i = 0; i < workers; i++)
        {
            Progress progress = new();
            running[i] = (new Thread(() => Work(progress)) { IsBackground = true }, progress);
            running[i].Thread.Start();
        }

        // A worker that hangs is left to its fate: it cannot be stopped, but it must be named.
        foreach ((Thread thread, Progress progress) in running)
        {
            int seen = -1;
            while (!thread.Join(2 * Trial.MostTime))
            {
                int now = progress.Number;
                if (now == seen)
                {
                    _failures.Enqueue("hangs: " + Trial.Make(victims, seed, now));
                    break;
                }

                seen = now;
            }
        }
    }

    private void Work(Progress progress)
    {
        while (_failures.Count < MostFailures && Interlocked.Increment(ref _next) is int number && number < cases)
        {
            progress.Number = number;
            Trial trial = Trial.Make(victims, seed, number);
            if (trial.Run(out bool refused) is { } wrong)
            {
                _failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{trial}: {wrong}"));
            }

            Interlocked.Increment(ref _done);
            Interlocked.Add(ref _refused, refused ? 1 : 0);
        }
    }

    private sealed class Progress
    {
        private int _number;

        public int Number
        {
            get => Volatile.Read(ref _number);
            set => Volatile.Write(ref _number, value);
        }
    }
}
