namespace Lakehouse.Incremental.Benchmarks.Peers;

/// <summary>What is done with a table's log.</summary>
internal enum LogStep
{
    Open,
    Refresh,
    Append,
}
