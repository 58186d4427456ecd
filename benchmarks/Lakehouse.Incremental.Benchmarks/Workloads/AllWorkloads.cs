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
        new W9MicroBatches(),
        new W10UserChanges(),
        new W11History(),
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
}
