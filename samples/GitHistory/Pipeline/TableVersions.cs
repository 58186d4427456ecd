using System.Globalization;

namespace GitHistory.Pipeline;

/// <summary>The versions of all tables: equal when nothing was written in between.</summary>
internal readonly record struct TableVersions(long Staging, long Files, long History, long ByDirectory)
{
    /// <summary>Short text for a result line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"versions {Staging}/{Files}/{History}/{ByDirectory}");
}
