using Apache.Arrow;
using CsCheck;
using Lakehouse.Incremental.Delta;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>reconcile after reconcile == finds nothing: what drifted is found, repaired through the engine, and gone.</summary>
public sealed class Law4_ReconcileAfterReconcileFindsNothing
{
    [Fact]
    public void Type1_is_repaired_after_any_drift() => Cases.Check(Drifted, 250, d => Check(d.Delivery, d.Seed, ScdType.Type1));

    [Fact]
    public void Type2_is_repaired_after_any_drift() => Cases.Check(Drifted, 250, d => Check(d.Delivery, d.Seed, ScdType.Type2));

    [Fact]
    public async Task An_undisturbed_table_is_clean()
    {
        Lake lake = await Lake.OpenAsync(new Rules(false, false, false), new TableShape(true, true, false, true, false, true), ScdType.Type2);
        await lake.DeliverAsync([new("a", 0, 1, 0, false, "x", 1, 1), new("a", 0, 2, 0, true, null, null, null)]);

        ReconcileReport report = await Reconciler.ReconcileAsync(lake.Flow, lake.Staging, lake.Silver);

        report.IsClean.Should().BeTrue();
        report.ActualRows.Should().Be(1);
        report.ToString().Should().Be("1 rows equal the full recompute");
    }

    private static Gen<(Delivery Delivery, int Seed)> Drifted => Gen.Select(Delivery.Any, Gen.Int[0, 1000]);

    private static async Task Check(Delivery delivery, int seed, ScdType scdType)
    {
        Lake lake = await Lake.OpenAsync(delivery.Rules, delivery.Shape with { Staged = true, Reopen = false, ChangeDataFeed = true, DeletionVectors = true }, scdType);
        foreach (Event[] batch in delivery.Batches)
        {
            await lake.DeliverAsync(batch);
        }

        await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
        bool drifted = await DriftAsync(lake, seed);
        ReconcileReport found = await Reconciler.ReconcileAsync(lake.Flow, lake.Staging, lake.Silver, new() { Mode = ReconcileMode.Repair });
        ReconcileReport again = await Reconciler.ReconcileAsync(lake.Flow, lake.Staging, lake.Silver, new() { Mode = ReconcileMode.Repair });

        found.IsClean.Should().Be(!drifted, found.ToString());
        again.IsClean.Should().BeTrue(again.ToString());
        again.RepairVersion.Should().BeNull();
        ReferenceModel model = new(delivery.Rules, Events.Digest);
        SortedSet<string> expected = scdType == ScdType.Type1 ? model.Scd1(delivery.Events) : model.Scd2(delivery.Events);
        (await Rows.ReadAsync(lake.Silver)).Should().Equal(expected.Order(StringComparer.Ordinal));

        // Gold follows the drift and its repair by the change data.
        await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
        (await Reconciler.ReconcileAsync(lake.Aggregate, lake.Silver, lake.Gold)).IsClean.Should().BeTrue();
    }

    /// <summary>A foreign writer deletes a row, adds a copy of one, or adds a row of a key that was never there.</summary>
    private static async Task<bool> DriftAsync(Lake lake, int seed)
    {
        List<RecordBatch> rows = [];
        await foreach (RecordBatch batch in lake.Silver.ReadAsync())
        {
            rows.Add(batch);
        }

        if (rows.Count == 0)
        {
            return false;
        }

        RecordBatch first = rows[seed % rows.Count];
        int row = seed % first.Length;
        switch (seed % 3)
        {
            case 0:
                await DeleteOneRowAsync(lake.Silver, seed);
                break;
            case 1:
                await lake.Silver.AppendAsync(Columnar.TakeKernel.Take(first, [row]));
                break;
            default:
                RecordBatch copy = Columnar.TakeKernel.Take(first, [row]);
                IArrowArray[] columns = [.. copy.Arrays];
                columns[copy.Schema.GetFieldIndex("k1")] = new StringArray.Builder().Append("never").Build();
                await lake.Silver.AppendAsync(new RecordBatch(copy.Schema, columns, 1));
                break;
        }

        return true;
    }

    private static Task DeleteOneRowAsync(DeltaTable silver, int seed) => silver.CommitAsync(
        async (snapshot, token) =>
        {
            AddFile file = snapshot.Files.ElementAt(seed % snapshot.FileCount);
            DeletionVector deleted = await silver.DeletionVectors.LoadAsync(file.DeletionVector, token);
            long row = Enumerable.Range(0, int.MaxValue).First(r => !deleted.Contains(r));
            RowDeletionResult result = await RowDeletion.PrepareAsync(silver.DeletionVectors, [(file, DeletionVector.Of([row]))], 0, token);
            return new CommitPlan { Actions = result.Actions, Info = new CommitInfo { Operation = "DELETE" } };
        },
        CancellationToken.None);
}
