using System.Globalization;

namespace Lakehouse.Incremental.Staging;

/// <summary>What became of a batch offered for staging.</summary>
/// <param name="AlreadyStaged">True when the position had been staged before; nothing was written.</param>
/// <param name="Version">The staging table's version that holds the batch, or the current one when it was staged before.</param>
/// <param name="Rows">Rows written.</param>
public sealed record StagingResult(bool AlreadyStaged, long Version, long Rows)
{
    /// <summary>One line.</summary>
    public override string ToString() => AlreadyStaged
        ? string.Create(CultureInfo.InvariantCulture, $"already staged · version {Version}")
        : string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} staged · version {Version}");
}
