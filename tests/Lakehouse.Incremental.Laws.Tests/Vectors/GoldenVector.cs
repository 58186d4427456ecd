using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>A set of events with the tables it must come to, however it is delivered.</summary>
/// <param name="Name">Its name, after the semantics.</param>
/// <param name="Layout">Columns and rules.</param>
/// <param name="Events">The events.</param>
/// <param name="Latest">What type 1 shows; null where the rules are for type 2 only.</param>
/// <param name="History">What type 2 shows; null where the rules are for type 1 only.</param>
internal sealed record GoldenVector(string Name, Layout Layout, Event[] Events, LatestRow[]? Latest, Period[]? History)
{
    public override string ToString() => Name;
}
