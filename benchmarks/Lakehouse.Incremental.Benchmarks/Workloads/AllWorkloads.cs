namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>The workloads by their names.</summary>
internal static class AllWorkloads
{
    public static IReadOnlyList<Workload> List { get; } =
    [
        new W1MixedUpsert(),
        new W2Update(),
        new W3Unchanged(),
        new W4Insert(),
        new W5ChangeCapture(),
        new W6FullSync(),
        new W7Expressions(),
        .. W8MergeCase.All,
        new W9MicroBatches(),
        new W10UserChanges(),
        new W11History(),
        new W12ReadsBeside(),
        new W13Writers(),
        new W14WideTable(30),
        new W14WideTable(300),
        new W15Log(),
        new AppendRows(),
        new KeyScan(),
    ];

    public static Workload Find(string id) =>
        List.FirstOrDefault(w => string.Equals(w.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"There is no workload {id}; 'list' names them.");

    /// <summary>A workload by its name, or all that have the name as a family: <c>W8</c> is all its cases.</summary>
    public static IReadOnlyList<Workload> Family(string id) =>
        List.Where(w => w.Id.StartsWith(id + "-", StringComparison.OrdinalIgnoreCase)).ToArray() is { Length: > 0 } family ? family : [Find(id)];
}
