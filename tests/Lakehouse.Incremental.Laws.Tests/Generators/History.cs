using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Columns and rules, a set of events for them, and how those are written down.</summary>
internal sealed record History(Layout Layout, Wire Wire, Event[] Events)
{
    /// <summary>The events as C#.</summary>
    public override string ToString() => $"{Layout}\n{Wire}\n{string.Join('\n', Events.Select(e => $"    {e},"))}";
}
