using Microsoft.Extensions.Logging;

namespace Lakehouse.Incremental.Tests.Merging;

/// <summary>Keeps what is logged from the engines on; the table format's own messages (ids below 100) are left out.</summary>
internal sealed class RecordingLogger : ILogger
{
    public List<(int Id, LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Values)> Entries { get; } = [];

    public IEnumerable<int> Ids => Entries.Select(static e => e.Id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Entries)
        {
            if (eventId.Id >= 100)
            {
                Entries.Add((eventId.Id, logLevel, formatter(state, exception), [.. (IReadOnlyList<KeyValuePair<string, object?>>)state!]));
            }
        }
    }

    /// <summary>The one message with an id.</summary>
    public string TextOf(int id) => Entries.Single(e => e.Id == id).Text;
}
