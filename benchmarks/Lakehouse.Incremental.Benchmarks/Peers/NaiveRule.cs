using Apache.Arrow;

namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>What the naive merge makes of a joined row.</summary>
internal sealed record NaiveRule
{
    /// <summary>The new rows of matched rows, from the rows of both sides in one order.</summary>
    public required Func<RecordBatch, RecordBatch, RecordBatch> Update { get; init; }

    /// <summary>Whether a row without a match goes.</summary>
    public bool DeletesUnmatched { get; init; }
}
