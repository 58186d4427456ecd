using CsCheck;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>How events are written down for a flow. What they say is the same.</summary>
/// <param name="Presence">How a cell that is not set is told.</param>
internal sealed record Wire(Presence Presence)
{
    /// <summary>A table of codes says what an event does; else conditions do.</summary>
    public bool Codes { get; init; }

    /// <summary>A column that no event of a batch sets is left out of the batch, where that says the same.</summary>
    public bool OmitsColumns { get; init; }

    /// <summary>In a cell that is not set stands a value all the same, where that says the same.</summary>
    public bool FillsUnset { get; init; }

    /// <summary>Lists of columns name keys and sequences, too, and events that set everything have a list.</summary>
    public bool NamesAll { get; init; }

    /// <summary>The target does not have this value at first, and gets it from the first batch that has the column; null: it has all.</summary>
    public int? LateValue { get; init; }

    public static Gen<Wire> Of(Presence presence) =>
        Gen.Bool.Array[4].Select(on => new Wire(presence) { Codes = on[0], OmitsColumns = on[1], FillsUnset = on[2], NamesAll = on[3] });
}
