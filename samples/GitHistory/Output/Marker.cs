namespace GitHistory.Output;

/// <summary>Which stream of events the tables of an output folder hold.</summary>
internal sealed record Marker
{
    /// <summary>The format this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of the marker and of the tables beside it.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Where the repository keeps its objects.</summary>
    public required string Repository { get; init; }

    /// <summary>The last commit of the stream. In the order of the history a later run may move it forward.</summary>
    public required string LastCommit { get; init; }

    /// <summary>The limit on commits; null for none.</summary>
    public int? Commits { get; init; }

    /// <summary>Events per micro-batch.</summary>
    public int BatchSize { get; init; }

    /// <summary>The seed of the random order; null for the order of the history.</summary>
    public ulong? Shuffle { get; init; }
}
