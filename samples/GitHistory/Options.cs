namespace GitHistory;

/// <summary>What the user asked for.</summary>
internal sealed record Options
{
    /// <summary>A folder of the repository.</summary>
    public string Repository { get; init; } = ".";

    /// <summary>Only so many commits, from the oldest on; null for all.</summary>
    public int? Commits { get; init; }

    /// <summary>Events per micro-batch.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Seed of a random order with repetitions; null for the order of the history.</summary>
    public ulong? Shuffle { get; init; }

    /// <summary>The folder of the tables; null for the default.</summary>
    public string? Output { get; init; }

    /// <summary>Print the help and do nothing else.</summary>
    public bool Help { get; init; }
}
