using Lakehouse.Incremental.Benchmarks.Data;

namespace Lakehouse.Incremental.Benchmarks.Workloads;

/// <summary>Batches of changes to YCSB's table: wide texts, and a text as key. Half updates, two fifths inserts, a tenth deletes; keys are drawn evenly.</summary>
internal sealed class W10UserChanges : ChangeStreamWorkload
{
    public override string Id => "W10";

    public override string Title => "batches of changes, rows of 1 KB with a text as key";

    public override int Batches => 10;

    protected override Dataset Data => UserTable.Instance;

    protected override ChangeMix Mix => new() { Updates = 0.5, Inserts = 0.4, Deletes = 0.1 };

    // A quarter of the table is the room for new keys.
    public override int Batch(long rows) => (int)Math.Min(10_000, Math.Max(rows / 20, 1));
}
