using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Generators;
using Lakehouse.Incremental.Laws.Tests.Harness;
using Lakehouse.Incremental.Laws.Tests.Model;
using Lakehouse.Incremental.Merging;

namespace Lakehouse.Incremental.Laws.Tests;

/// <summary>rows(SCD1) == current_rows(SCD2), although the two were fed in different batches and orders.</summary>
public sealed class Law2_Scd1EqualsCurrentRowsOfScd2
{
    [Fact]
    public void Type1_rows_are_the_current_rows_of_type2() =>
        Cases.Check(Delivery.Any.SelectMany(d => Delivery.Batched(d.Events), (d, other) => d with { Batches = [.. d.Batches, [], .. other] }), 500, Check);

    private static async Task Check(Delivery delivery)
    {
        // The empty batch stands between the two ways of delivery.
        int middle = Array.FindIndex(delivery.Batches, b => b.Length == 0);
        Lake latest = await Lake.OpenAsync(delivery.Rules, delivery.Shape, ScdType.Type1);
        Lake history = await Lake.OpenAsync(delivery.Rules, delivery.Shape, ScdType.Type2);
        foreach (Event[] batch in delivery.Batches[..middle])
        {
            await latest.DeliverAsync(batch);
        }

        foreach (Event[] batch in delivery.Batches[(middle + 1)..])
        {
            await history.DeliverAsync(batch);
        }

        SortedSet<string> current = ReferenceModel.CurrentRows(await Rows.ReadAsync(history.Silver));
        (await Rows.ReadAsync(latest.Silver)).Should().Equal(current.Order(StringComparer.Ordinal));
    }
}
