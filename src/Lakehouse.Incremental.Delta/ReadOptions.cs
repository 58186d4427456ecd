using Lakehouse.Incremental.Delta.Filters;

namespace Lakehouse.Incremental.Delta;

/// <summary>Which rows and columns are read, and of which version.</summary>
public sealed record ReadOptions
{
    /// <summary>Names of the columns to read, in this order; null for all in table order. Default null.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Only rows for which this holds; a comparison with null does not hold. Files that cannot have such rows are not opened. Default: all rows.
    /// </summary>
    public Filter? Filter { get; init; }

    /// <summary>The version to read; not together with <see cref="Timestamp"/>. Default: the latest when the reading starts.</summary>
    public long? Version { get; init; }

    /// <summary>Reads the last version that was committed at or before this moment. Default: the latest when the reading starts.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Greatest number of rows of a batch; null leaves it to how the files are laid out. Default null; at least 1.</summary>
    public int? BatchSize { get; init; }

    internal void Validate()
    {
        if (Version is not null && Timestamp is not null)
        {
            throw new ArgumentException($"{nameof(Version)} and {nameof(Timestamp)} exclude each other.");
        }

        if (BatchSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        }
    }
}
