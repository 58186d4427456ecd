using Lakehouse.Incremental.Changes;

namespace Lakehouse.Incremental.Explain;

/// <summary>The staged events of the wanted keys, and truncates.</summary>
/// <param name="Batch">The events.</param>
/// <param name="Origins">Where each of them is from.</param>
/// <param name="Refused">Events of the key that is explained which cannot be merged.</param>
/// <param name="Unreadable">Why events that are not merged yet cannot be shown; null when all can.</param>
internal sealed record StagedEvents(ChangeBatch Batch, IReadOnlyList<StagedOrigin> Origins, IReadOnlyList<RefusedEvent> Refused, string? Unreadable)
{
    /// <summary>The same with the versions that staged them.</summary>
    public StagedEvents Locate(Func<StagedPlace, StagedPlace> locate) => this with
    {
        Origins = [.. Origins.Select(origin => origin with { Place = locate(origin.Place) })],
        Refused = [.. Refused.Select(refused => refused with { Origin = refused.Origin with { Place = locate(refused.Origin.Place) } })],
    };
}
