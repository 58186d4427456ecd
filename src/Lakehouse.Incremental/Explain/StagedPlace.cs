using System.Globalization;
using Lakehouse.Incremental.Staging;

namespace Lakehouse.Incremental.Explain;

/// <summary>Where an event lies in the staging table, and where it came from.</summary>
/// <param name="Version">The version that staged it; null when the log does not tell any more.</param>
/// <param name="File">The data file, as the log names it.</param>
/// <param name="Row">Its row there, from 0.</param>
/// <param name="Position">The batch of the source that brought it; null when the table has no such columns.</param>
/// <param name="IngestedAt">When it was taken in; null as above.</param>
public sealed record StagedPlace(long? Version, string File, long Row, SourcePosition? Position, DateTimeOffset? IngestedAt)
{
    /// <summary>One line.</summary>
    public override string ToString()
    {
        string version = Version is { } v ? string.Create(CultureInfo.InvariantCulture, $"staged version {v}") : "staged version unknown";
        string source = Position is { } p ? string.Create(CultureInfo.InvariantCulture, $", {p.Source}/{p.Partition}@{p.Offset}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{version}, row {Row}{source}");
    }
}
