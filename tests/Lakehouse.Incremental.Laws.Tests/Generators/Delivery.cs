using CsCheck;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Generators;

/// <summary>A set of events and one way to deliver it: any batches, any order, some of them again.</summary>
public sealed record Delivery(Rules Rules, TableShape Shape, Event[] Events, Event[][] Batches)
{
    /// <summary>Small key and sequence spaces, so that ties, late events, deletes and re-inserts are the rule and not the exception.</summary>
    public static Gen<Delivery> Any { get; } =
        from rules in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, (a, b, c) => new Rules(a, b, c))
        from shape in TableShape.Any
        from events in EventGen.Array[1, 24]
        from batches in Batched(events)
        select new Delivery(rules, shape, events, batches);

    /// <summary>Another way to deliver the same events.</summary>
    public static Gen<Event[][]> Batched(Event[] events) =>
        from again in Gen.Int[0, events.Length - 1].Array[0, 6]
        from order in Gen.Shuffle(Enumerable.Range(0, events.Length).Concat(again).ToArray())
        from cuts in Gen.Int[0, order.Length].Array[0, 5]
        select Cut([.. order.Select(i => events[i])], cuts);

    /// <summary>The delivery as code.</summary>
    public override string ToString() =>
        $"{Rules} {Shape}\n" + string.Join('\n', Batches.Select((b, i) => $"// batch {i}\n[\n{string.Join('\n', b.Select(e => "    " + e + ","))}\n],"));

    private static Gen<Event> EventGen =>
        from key in Gen.Select(OneOf("a", "b", "b\0", ""), Gen.Long[0, 1])
        from sequence in Gen.Select(Gen.Long[-2, 4], Gen.Int[0, 2])
        from isDelete in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from name in OneOf<string?>("x", "y", "", null)
        from price in OneOf<double?>(null, 0d, -0d, 1.5, double.NaN, double.PositiveInfinity)
        from amount in OneOf<long?>(null, 7, -7)
        select new Event(key.Item1, key.Item2, sequence.Item1, sequence.Item2, isDelete, name, price, amount);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Event[][] Cut(Event[] order, int[] cuts)
    {
        int[] borders = [0, .. cuts.Order(), order.Length];
        return [.. borders.Zip(borders.Skip(1), (from, to) => order[from..to]).Where(b => b.Length > 0)];
    }
}
