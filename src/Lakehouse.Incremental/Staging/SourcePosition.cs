using System.Globalization;

namespace Lakehouse.Incremental.Staging;

/// <summary>
/// Where a batch of events stands in its source. Positions of one source partition are staged in ascending order, each exactly once: a batch whose
/// offset is not greater than the last staged one is recognised as a repetition.
/// </summary>
/// <param name="Source">Name of the source, such as a topic or a database.</param>
/// <param name="Partition">Partition of the source; 0 where it has none.</param>
/// <param name="Offset">Offset of the batch's last event, or any number that grows from batch to batch. Not negative.</param>
public sealed record SourcePosition(string Source, int Partition, long Offset)
{
    /// <summary>The application id under which the log remembers the partition's last offset.</summary>
    internal string AppId => string.Create(CultureInfo.InvariantCulture, $"lakehouse.incremental/staging/{Source}/{Partition}");
}
