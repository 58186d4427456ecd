using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Harness;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>Batches under their numbers, in any order, some again.</summary>
/// <param name="Delivery">The batches.</param>
/// <param name="Stride">Between the numbers of two batches: there may be numbers that never come.</param>
/// <param name="Order">Which batch comes when.</param>
internal sealed record NumberedDelivery(Delivery Delivery, int Stride, int[] Order) : IReducible<NumberedDelivery>
{
    public static Gen<NumberedDelivery> Of(Gen<Delivery> deliveries) =>
        from delivery in deliveries
        let count = delivery.Batches.Length
        from stride in Gen.Int[1, 2]
        from again in Gen.Int[0, count - 1].Array[0, 5]
        from order in Gen.Shuffle(Enumerable.Range(0, count).Concat(again).ToArray())
        select new NumberedDelivery(delivery with { Shape = delivery.Shape with { Staged = false } }, stride, order);

    public IEnumerable<NumberedDelivery> Smaller() =>
    [
        .. Enumerable.Range(0, Order.Length).Where(i => Order[..i].Contains(Order[i])).Select(i => this with { Order = [.. Order.Where((_, at) => at != i)] }),
        .. Delivery.Smaller().Where(d => d.Batches.Length == Delivery.Batches.Length).Select(d => this with { Delivery = d }),
        .. Enumerable.Range(0, Delivery.Batches.Length).Where(_ => Delivery.Batches.Length > 1).Select(Without),
    ];

    public override string ToString() => $"{Delivery}\nnumbers {Stride} apart, batches in the order {string.Join(", ", Order)}";

    private NumberedDelivery Without(int batch)
    {
        Delivery rest = Delivery with
        {
            Batches = [.. Delivery.Batches.Where((_, at) => at != batch)],
            Upkeeps = [.. Delivery.Upkeeps.Where((_, at) => at != batch)],
        };
        return this with
        {
            Delivery = rest with { History = rest.History with { Events = [.. rest.Batches.SelectMany(b => b)] } },
            Order = [.. Order.Where(b => b != batch).Select(b => b > batch ? b - 1 : b)],
        };
    }
}
