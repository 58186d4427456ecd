namespace Lakehouse.Incremental.Explain;

/// <summary>Where the value of a cell is from.</summary>
public enum CellOrigin
{
    /// <summary>The event that the row shows sets it.</summary>
    Set,

    /// <summary>An earlier event of the same life set it, and none since.</summary>
    Inherited,

    /// <summary>The former key had it when the key changed.</summary>
    FormerKey,

    /// <summary>The event that is greatest by the clock of the column's group sets it.</summary>
    Group,

    /// <summary>The key's latest row has it; all rows show it (<see cref="Merging.UntrackedScope.AllVersions"/>).</summary>
    LatestVersion,

    /// <summary>No event has set it, so it is null; of a key that was another before, the event that changed the key found nothing there.</summary>
    Default,

    /// <summary>The flow writes it: where a period begins or ends, whether it is current or deleted.</summary>
    Flow,

    /// <summary>No event explains it.</summary>
    Unknown,
}
