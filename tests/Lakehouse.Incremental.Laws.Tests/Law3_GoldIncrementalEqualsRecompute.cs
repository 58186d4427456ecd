using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;
using Lakehouse.Incremental.Reconciliation;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>Gold maintained incrementally == Gold recomputed from Silver, bit for bit, floats included.</summary>
public sealed class Law3_GoldIncrementalEqualsRecompute
{
    [Fact]
    public void Gold_follows_type1_bit_for_bit() => Cases.Check(Delivery.Any, 400, d => Check(d, ScdType.Type1));

    [Fact]
    public void Gold_follows_type2_bit_for_bit() => Cases.Check(Delivery.Any, 400, d => Check(d, ScdType.Type2));

    private static async Task Check(Delivery delivery, ScdType scdType)
    {
        // Gold follows the change data; each second batch it is asked, so that ranges of one and of two versions occur.
        Lake lake = await Lake.OpenAsync(delivery.Rules, delivery.Shape with { ChangeDataFeed = true }, scdType);
        for (int i = 0; i < delivery.Batches.Length; i++)
        {
            await lake.DeliverAsync(delivery.Batches[i]);
            if (i % 3 != 1)
            {
                await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
            }
        }

        await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold);
        (await lake.Aggregate.ApplyAsync(lake.Silver, lake.Gold)).AlreadyApplied.Should().BeTrue();

        ReconcileReport report = await Reconciler.ReconcileAsync(lake.Aggregate, lake.Silver, lake.Gold);
        report.IsClean.Should().BeTrue(report.ToString());
        (await GoldRows.ReadAsync(lake.Gold)).Should().Equal(GoldRows.Recount(await Rows.ReadAsync(lake.Silver)));
    }
}
