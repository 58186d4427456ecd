using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Vectors;

/// <summary>A set of events with the tables it must come to, however it is delivered.</summary>
internal sealed record GoldenVector(string Name, Layout Layout, Event[] Events, object?[][] Latest, Period[] History)
{
    public override string ToString() => Name;
}
